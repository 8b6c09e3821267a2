using System.Collections.Concurrent;
using Rave.Server.Protocol;

namespace Rave.Server.Storage;

// Engines of other libraries, by the scheme of their locations: etcd for etcd://host/app.
internal static class StorageEngines
{
    private static readonly ConcurrentDictionary<string, StorageEngine> Registered = new();

    internal static void Register(string scheme, StorageEngine engine) => Registered[scheme] = engine;

    // Null for the path of a directory.
    internal static string? SchemeOf(string location)
    {
        int end = location.IndexOf("://", StringComparison.Ordinal);
        return end > 1 && !location.AsSpan(0, end).ContainsAnyExceptInRange('a', 'z') ? location[..end] : null;
    }

    internal static Task<IServedStore> OpenAsync(
        string scheme, string location, EngineOptions options, CancellationToken cancellationToken) =>
        Find(scheme, location).Open(location, options, cancellationToken);

    // Without opening the database.
    internal static async Task<Status> StatusAsync(string scheme, string location, TimeProvider time, CancellationToken cancellationToken)
    {
        StorageEngine engine = Find(scheme, location);
        ClusterStatus cluster = await engine.Ask(location, time, cancellationToken).ConfigureAwait(false);
        return Status.Of(location, engine.Name, engine.Limits, cluster);
    }

    // Of a database that does not exist yet.
    internal static Limits LimitsOf(string location) => SchemeOf(location) is { } scheme ? Find(scheme, location).Limits : new();

    private static StorageEngine Find(string scheme, string location) => Registered.TryGetValue(scheme, out StorageEngine? engine)
        ? engine
        : throw new ArgumentException(
            $"No storage engine is registered for '{scheme}://'."
                + " For an etcd cluster, reference Rave.Etcd and call RaveEtcd.Register() first.",
            nameof(location));
}
