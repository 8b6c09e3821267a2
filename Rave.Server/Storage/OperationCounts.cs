namespace Rave.Server.Storage;

// The number of operations of each kind since the store was opened.
internal sealed class OperationCounts
{
    private long _gets;
    private long _writes;
    private long _scans;
    private long _clears;

    internal long Gets => Interlocked.Read(ref _gets);

    internal long Writes => Interlocked.Read(ref _writes);

    internal long Scans => Interlocked.Read(ref _scans);

    internal long Clears => Interlocked.Read(ref _clears);

    internal void CountGets(int keys) => Interlocked.Add(ref _gets, keys);

    internal void CountWrites(int operations) => Interlocked.Add(ref _writes, operations);

    internal void CountScan() => Interlocked.Increment(ref _scans);

    internal void CountClear() => Interlocked.Increment(ref _clears);
}
