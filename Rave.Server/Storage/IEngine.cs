namespace Rave.Server.Storage;

// Figures and maintenance of an engine with files.
internal interface IEngine
{
    // A property of LevelDB, or null if it does not know the name.
    ValueTask<string?> PropertyAsync(string name, CancellationToken cancellationToken);

    // About how many bytes a range takes on disk. Data in memory is not counted.
    ValueTask<long> ApproximateSizeAsync(KeyRange range, CancellationToken cancellationToken);

    // Removes overwritten and deleted data from the files of a range. Cancelled between steps; finished steps stay.
    ValueTask CompactAsync(KeyRange range, CancellationToken cancellationToken);
}
