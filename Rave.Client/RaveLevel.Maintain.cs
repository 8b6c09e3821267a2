using Rave.Server.Location;

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
        return Task.Run(() => ClosedDatabase.Destroy(location), cancellationToken);
    }

    /// <summary>
    /// Rescues what can be read of a damaged database that nobody has open. Entries may be lost, and deleted ones return. What LevelDB's
    /// files were before is copied first, into a new directory beside this one; when copying fails, nothing is touched. What a repair would destroy is
    /// refused: a database with another comparator, with a compression that LevelDB does not know, or of another engine.
    /// </summary>
    /// <param name="location">Its directory.</param>
    /// <param name="options">How the rescued files are written (compression, block size, bloom filter); without it <see cref="RaveOptions.Default"/>.</param>
    /// <param name="cancellationToken">Gives up before anything is changed.</param>
    /// <returns>What was kept and what was lost, and the directory of the copy. Delete that one once the database has turned out well.</returns>
    /// <exception cref="RaveException"><c>LEVEL_DATABASE_NOT_OPEN</c> where there is no database, and nothing is created; <c>LEVEL_LOCKED</c> while anyone
    /// has it open, this process included; <c>LEVEL_FORBIDDEN</c> to root where another user owns the directory; <c>LEVEL_CORRUPTION</c> where nothing can be rescued;
    /// <c>LEVEL_IO_ERROR</c>, also where a repair would destroy what is not damaged.</exception>
    public static async Task<RepairReport> RepairAsync(string location, RaveOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        options ??= RaveOptions.Default;
        options.Check();
        // On a thread of the pool: it reads and writes whole files.
        return await Task.Run(() => ClosedDatabase.Repair(location, options, options.TimeProvider.GetUtcNow(), cancellationToken), cancellationToken).ConfigureAwait(false);
    }
}
