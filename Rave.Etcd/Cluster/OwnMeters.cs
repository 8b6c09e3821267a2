using System.Diagnostics.Metrics;

namespace Rave.Etcd.Cluster;

// Keeps our requests out of the figures of the program that we are a guest in: meters under our name instead of the one asked for.
internal sealed class OwnMeters : IMeterFactory
{
    private const string Name = "RaveLevel.Etcd";

    // Never disposed: all clusters of a process share it, as connections share its instruments.
    internal static readonly OwnMeters Instance = new();

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        lock (_gate)
        {
            return _meters.TryGetValue(options.Name, out Meter? made)
                ? made
                : _meters[options.Name] = new($"{Name}.{options.Name}", options.Version);
        }
    }

    public void Dispose()
    {
    }
}
