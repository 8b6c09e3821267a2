using Rave.Etcd.Cluster;

namespace Rave.Etcd.Writes;

// How long records are kept: etcd removes a record with its lease. A new lease every hour is enough, without keeping any alive:
// each write of a session moves its record to the newest lease.
internal sealed class RecordLease(EtcdCluster cluster, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    // Every record is kept for a day at least: long enough for a program that is suspended over night to send its last write again.
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

    // It has ended before its time, for example because this machine was suspended.
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
