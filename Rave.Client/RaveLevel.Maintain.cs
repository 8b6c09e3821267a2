using Rave.Server.Location;

namespace Rave.Client;

public sealed partial class RaveLevel
{
    /// <summary>
    /// Deletes a database that no process has open. Only LevelDB's files are deleted. <c>rave.lock</c> and <c>rave.leader</c> stay, because
    /// without the lock file two processes could lead. If there is no database, nothing happens.
    /// </summary>
    /// <param name="location">The directory of the database.</param>
    /// <param name="cancellationToken">Cancels the call if it has not begun to delete.</param>
    /// <returns>A task that completes when the database is deleted.</returns>
    /// <exception cref="ArgumentException">The location is empty.</exception>
    /// <exception cref="RaveException">
    /// <c>LEVEL_LOCKED</c>: a process has the database open, possibly this one. <c>LEVEL_FORBIDDEN</c>: this process is root, and another
    /// user owns the directory. <c>LEVEL_IO_ERROR</c>: a file cannot be deleted.
    /// </exception>
    public static Task DestroyAsync(string location, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        return Task.Run(() => ClosedDatabase.Destroy(location), cancellationToken);
    }

    /// <summary>
    /// Rescues what can be read of a damaged database that no process has open. Entries may be lost, and deleted entries may return. First,
    /// LevelDB's files are copied to a new directory next to this one. If that fails, nothing is changed.
    /// </summary>
    /// <param name="location">The directory of the database.</param>
    /// <param name="options">
    /// How the rescued files are written (compression, block size, bloom filter), or <see langword="null"/> for the defaults.
    /// </param>
    /// <param name="cancellationToken">Cancels the call if it has not begun to change files.</param>
    /// <returns>
    /// A task that completes with a report: what was kept, what was lost, and where the copy is. Delete the copy when the database has
    /// proved to be good.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The location is empty, or an option is invalid; <see cref="ArgumentException.ParamName"/> names it.
    /// </exception>
    /// <exception cref="RaveException">
    /// <c>LEVEL_DATABASE_NOT_OPEN</c>: there is no database. <c>LEVEL_LOCKED</c>: a process has it open, possibly this one.
    /// <c>LEVEL_FORBIDDEN</c>: this process is root, and another user owns the directory. <c>LEVEL_CORRUPTION</c>: nothing can be rescued.
    /// <c>LEVEL_IO_ERROR</c>: a file cannot be read or written, or the repair would destroy a good database: one with another comparator,
    /// with an unknown compression, or of another engine.
    /// </exception>
    public static async Task<RepairReport> RepairAsync(
        string location, RaveOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        RaveOptions own = (options ?? new()).CheckedCopy();
        // On a thread of the pool, because it reads and writes whole files.
        return await Task
            .Run(() => ClosedDatabase.Repair(location, own, own.TimeProvider.GetUtcNow(), cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }
}
