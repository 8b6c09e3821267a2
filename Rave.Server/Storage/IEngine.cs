namespace Rave.Server.Storage;

// What an engine of files tells of itself, and lets be done to its files.
internal interface IEngine
{
    // A figure of the engine's own, or null where it does not know the name.
    ValueTask<string?> PropertyAsync(string name, CancellationToken cancellationToken);

    // About how many bytes a range takes on disk. What is still in memory is not counted.
    ValueTask<long> ApproximateSizeAsync(KeyRange range, CancellationToken cancellationToken);

    // Rewrites a range without what was overwritten or deleted in it. Cancelled between steps; what was done stays done.
    ValueTask CompactAsync(KeyRange range, CancellationToken cancellationToken);
}
