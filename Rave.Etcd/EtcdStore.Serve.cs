using Rave.Etcd.Location;
using Rave.Etcd.Wire;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Etcd;

internal sealed partial class EtcdStore
{
    public bool IsReadOnly => false;

    public StorageOptions? Options => null;

    public string EngineName => "etcd";

    // The version of the member that answered first.
    public string EngineVersion { get; private set; } = "";

    // The member that gets the operations now: the leader, if the location names it.
    internal EtcdHost Member => _cluster.Member;

    public StoreFigures Figures() => new(
        _counts.Gets, _counts.Writes, _counts.Scans, _counts.Clears, _snapshots.Count, Volatile.Read(ref _subscribers), WaitingWrites: 0);

    public async ValueTask<ClusterStatus?> ClusterAsync(CancellationToken cancellationToken) =>
        ClusterReport.Of(await _cluster.AskEachAsync(cancellationToken).ConfigureAwait(false));

    public async ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        await _cluster.RangeAsync(new() { Key = _keys.Format, CountOnly = true }, cancellationToken).ConfigureAwait(false);
        AlarmResponse response = await _cluster.AlarmsAsync(cancellationToken).ConfigureAwait(false);
        if (response.Alarms.Any(alarm => alarm.Alarm == AlarmType.Corrupt))
        {
            throw new RaveException(ErrorCodes.Corruption, "The cluster reports damaged data (alarm CORRUPT).");
        }

        if (response.Alarms.Any(alarm => alarm.Alarm == AlarmType.NoSpace))
        {
            throw new RaveException(
                ErrorCodes.IoError,
                "The cluster's database is full, and it refuses writes (alarm NOSPACE).") { DiskFull = true };
        }
    }

    // Does nothing. An invalid request is refused by every store at any time. A write that was refused because of stored entries has a
    // record in the cluster.
    public void Refuse(IdempotencyKey key, RaveException refusal)
    {
    }

    public ValueTask<string?> PropertyAsync(string name, CancellationToken cancellationToken) =>
        ValueTask.FromException<string?>(NotSupported("properties of the storage engine"));

    public ValueTask<long> ApproximateSizeAsync(KeyRange range, CancellationToken cancellationToken) =>
        ValueTask.FromException<long>(NotSupported("the size of a range on disk"));

    // etcd's compaction is different: it deletes the history for all users of the cluster. Its operator decides about that.
    public ValueTask CompactAsync(KeyRange range, CancellationToken cancellationToken) =>
        ValueTask.FromException(NotSupported("compaction"));

    private static RaveException NotSupported(string what) => new(ErrorCodes.NotSupported, $"A database on etcd does not offer {what}.");
}
