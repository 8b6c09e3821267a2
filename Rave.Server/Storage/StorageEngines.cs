using System.Collections.Concurrent;

namespace Rave.Server.Storage;

// Engines of other libraries, by the scheme of their locations: etcd for etcd://host/app.
internal static class StorageEngines
{
    private static readonly ConcurrentDictionary<string, Func<string, EngineOptions, CancellationToken, Task<IServedStore>>> Registered =
        new();

    internal static void Register(string scheme, Func<string, EngineOptions, CancellationToken, Task<IServedStore>> open) =>
        Registered[scheme] = open;

    // Null for the path of a directory.
    internal static string? SchemeOf(string location)
    {
        int end = location.IndexOf("://", StringComparison.Ordinal);
        return end > 1 && !location.AsSpan(0, end).ContainsAnyExceptInRange('a', 'z') ? location[..end] : null;
    }

    internal static Task<IServedStore> OpenAsync(
        string scheme, string location, EngineOptions options, CancellationToken cancellationToken) =>
        Registered.TryGetValue(scheme, out Func<string, EngineOptions, CancellationToken, Task<IServedStore>>? open)
            ? open(location, options, cancellationToken)
            : throw new ArgumentException(
                $"No storage engine is registered for '{scheme}://'."
                    + " For an etcd cluster, reference Rave.Etcd and call RaveEtcd.Register() first.",
                nameof(location));
}
