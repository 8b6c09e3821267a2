using Rave.Etcd.Cluster;
using Rave.Etcd.Keys;
using Rave.Etcd.Location;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client;

/// <summary>The storage engine for databases on etcd clusters.</summary>
public static class RaveEtcd
{
    /// <summary>
    /// Registers the engine for locations that begin with <c>etcd://</c> or <c>etcds://</c>. Call it once, when the program starts. Later
    /// calls replace the options for handles that open afterwards.
    /// </summary>
    /// <param name="configure">Sets the options of all clusters, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number or time in the options is too small.</exception>
    public static void Register(Action<EtcdOptions>? configure = null)
    {
        EtcdOptions options = new();
        configure?.Invoke(options);
        options.Check();
        StorageEngine engine = new("etcd", options.Limits, OpenAsync, AskAsync);
        StorageEngines.Register("etcd", engine);
        StorageEngines.Register("etcds", engine);

        async Task<IServedStore> OpenAsync(string location, EngineOptions engine, CancellationToken cancellationToken) =>
            await Etcd.EtcdStore.OpenAsync(EtcdLocation.Parse(location), options.For(engine), engine.Time, cancellationToken)
                .ConfigureAwait(false);

        async Task<ClusterStatus> AskAsync(string location, TimeProvider time, CancellationToken cancellationToken)
        {
            EtcdLocation parsed = EtcdLocation.Parse(location);
            using EtcdCluster cluster = new(parsed, options, time, new Keyspace(parsed.Database).Format);
            return Etcd.ClusterReport.Of(await cluster.AskEachAsync(cancellationToken).ConfigureAwait(false));
        }
    }
}
