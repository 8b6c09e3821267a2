using System.Collections.Concurrent;
using Rave.Server.Storage;

namespace Rave.Server.Metrics;

// The figures of one leader or gateway. A process may lead several locations, and their figures must not mix.
internal sealed class LeaderMetrics(string location, TimeProvider time)
{
    // By location and for the lifetime of the process: if it leads again, counting continues.
    private static readonly ConcurrentDictionary<string, long> ElectionsWon = new();

    private volatile Opening? _opening;

    internal string Location => location;

    internal RequestMetrics Requests { get; } = new(location);

    internal IServedStore Store => Current.Store;

    // Null for a gateway.
    internal LeaderInfo? Leader => Current.Leader;

    internal TimeSpan Uptime => time.GetElapsedTime(Current.Since);

    internal long Elections => ElectionsWon.GetValueOrDefault(location);

    internal int Followers => Current.Followers();

    private Opening Current => _opening ?? throw StoreFailures.NotOpen();

    internal void Open(LeaderInfo? leader, IServedStore store, Func<int> followers)
    {
        if (leader is not null)
        {
            ElectionsWon.AddOrUpdate(location, 1, (_, won) => won + 1);
        }

        _opening = new(leader, store, time.GetTimestamp(), followers);
        RaveMeter.Add(this);
    }

    internal void Close()
    {
        RaveMeter.Remove(this);
        _opening = null;
    }

    private sealed record Opening(LeaderInfo? Leader, IServedStore Store, long Since, Func<int> Followers);
}
