using Rave.Etcd.Cluster;

namespace Rave.Etcd.Writes;

// The lease of session records: etcd removes a record when its lease expires. A new lease each hour is enough, and none is kept alive:
// each write of a session moves its record to the newest lease.
internal sealed class RecordLease(EtcdCluster cluster, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    // A record is kept for at least a day, so that a program that was suspended over night can send its last write again.
    private static readonly TimeSpan TimeToLive = TimeSpan.FromHours(24) + Period;

    private readonly Lock _gate = new();
    private Task<long>? _lease;
    private long _granted;

    internal Task<long> GetAsync()
    {
        lock (_gate)
        {
            if (_lease is null or { IsFaulted: true } or { IsCanceled: true } || time.GetElapsedTime(_granted) >= Period)
            {
                _granted = time.GetTimestamp();
                _lease = GrantAsync();
            }

            return _lease;
        }
    }

    // Call it when the lease has expired early, for example because this machine was suspended.
    internal void Forget()
    {
        lock (_gate)
        {
            _lease = null;
        }
    }

    // Other writes wait for the same lease, so one of them cannot cancel it.
    private async Task<long> GrantAsync() => (await cluster.GrantAsync(TimeToLive, CancellationToken.None).ConfigureAwait(false)).Id;
}
