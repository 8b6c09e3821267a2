using Rave.Server.Contracts;
using Rave.Server.Leadership;

namespace Rave.Client;

public sealed partial class RaveLevel
{
    /// <summary>
    /// Deletes the database in a directory that nobody has open. Files that are not LevelDB's stay, and so do <c>rave.lock</c> and <c>rave.leader</c>:
    /// whoever deleted the lock could let two processes lead. Where there is no database, nothing happens, and nothing is created.
    /// </summary>
    /// <param name="location">Its directory.</param>
    /// <param name="cancellationToken">Gives up before it has begun.</param>
    /// <returns>When it is gone.</returns>
    /// <exception cref="RaveException"><c>LEVEL_LOCKED</c> while anyone has it open, this process included; <c>LEVEL_FORBIDDEN</c> to root where another
    /// user owns the directory; <c>LEVEL_IO_ERROR</c>.</exception>
    public static Task DestroyAsync(string location, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        return RunAsync(() => ClosedDatabase.Destroy(location), cancellationToken);
    }

    /// <summary>
    /// Rescues what can be read of a damaged database that nobody has open. Entries may be lost, and deleted ones return. What LevelDB's
    /// files were before is copied first, into a new directory beside this one; when copying fails, nothing is touched.
    /// </summary>
    /// <param name="location">Its directory.</param>
    /// <param name="options">How the rescued files are written (compression, block size, bloom filter); without it <see cref="RaveOptions.Default"/>.</param>
    /// <param name="cancellationToken">Gives up before it has begun.</param>
    /// <returns>The directory of the copy. Delete it once the database has turned out well.</returns>
    /// <exception cref="RaveException"><c>LEVEL_DATABASE_NOT_OPEN</c> where there is no database, and nothing is created; <c>LEVEL_LOCKED</c> while anyone
    /// has it open, this process included; <c>LEVEL_FORBIDDEN</c> to root where another user owns the directory; <c>LEVEL_CORRUPTION</c> where nothing can be rescued;
    /// <c>LEVEL_IO_ERROR</c>.</exception>
    public static async Task<string> RepairAsync(string location, RaveOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        options ??= RaveOptions.Default;
        string copy = "";
        await RunAsync(() => copy = ClosedDatabase.Repair(location, options, options.TimeProvider.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        return copy;
    }

    // On a thread of the pool: it reads and writes whole files.
    private static async Task RunAsync(Action work, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(work, cancellationToken).ConfigureAwait(false);
        }
        catch (LevelException failure)
        {
            throw RaveException.From(failure);
        }
    }
}
