using Google.Protobuf;
using Rave.Etcd.Cluster;
using Rave.Etcd.Keys;
using Rave.Etcd.Location;
using Rave.Etcd.Wire;
using Rave.Etcd.Writes;
using Rave.Server.Storage;

namespace Rave.Etcd;

// The store on an etcd cluster. It needs no leader among our processes, and keeps no state that other stores on the same cluster need. So
// any number of stores serve one database.
internal sealed partial class EtcdStore : IServedStore, IDisposable
{
    private const byte Format = 1;

    private readonly EtcdCluster _cluster;
    private readonly Keyspace _keys;
    private readonly TimeProvider _time;
    private readonly OperationCounts _counts = new();
    private ulong _clusterId;

    private EtcdStore(EtcdCluster cluster, Keyspace keys, EtcdOptions options, TimeProvider time)
    {
        _cluster = cluster;
        _time = time;
        _keys = keys;
        Limits = options.Limits;
        _snapshots = new(Limits.Snapshots, time);
        _manyReader = new(cluster, options.MaxTransactionOperations, Limits);
        _pages = new(cluster, _keys);
        _sessions = new(cluster, _keys, new(cluster, time));
        _writer = new(cluster, _sessions);
        _clearer = new(cluster, _keys, _pages, _sessions, Limits);
    }

    public Limits Limits { get; }

    // Throws if no member answers in time, or if the options require another state of the database: that it exists, or that it is new.
    internal static async Task<EtcdStore> OpenAsync(
        EtcdLocation location, EtcdOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        Keyspace keys = new(location.Database);
        EtcdCluster cluster = new(location, options, time, keys.Format);
        try
        {
            EtcdStore store = new(cluster, keys, options, time);
            await store.CheckFormatAsync(location, options, cancellationToken).ConfigureAwait(false);
            store.EngineVersion = (await cluster.StatusAsync(cancellationToken).ConfigureAwait(false)).Version;
            cluster.Opened();
            return store;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    // Running calls and subscriptions end with LEVEL_DATABASE_NOT_OPEN.
    public void Dispose() => _cluster.Dispose();

    private async Task CheckFormatAsync(EtcdLocation location, EtcdOptions options, CancellationToken cancellationToken)
    {
        RangeResponse found = await _cluster.RangeAsync(new() { Key = _keys.Format }, cancellationToken).ConfigureAwait(false);
        _clusterId = found.Header.ClusterId;
        if (found.Kvs.Count == 0 && !options.CreateIfMissing)
        {
            throw new RaveException(
                ErrorCodes.DatabaseNotOpen, $"There is no database at '{location}', and this call does not create one.");
        }

        ByteString format = ByteString.CopyFrom(Format);
        TxnRequest create = new()
        {
            Compare = { Ops.IsMissing(_keys.Format) },
            Success = { Ops.Put(_keys.Format, format) },
            Failure = { Ops.Get(_keys.Format) },
        };
        // If the database must be new, a second attempt could find what the first one has created.
        Repeat repeat = options.ErrorIfExists ? Repeat.WriteIfNotSent : Repeat.Write;
        TxnResponse? created = found.Kvs.Count > 0 ? null : await _cluster.TxnAsync(create, repeat, cancellationToken)
            .ConfigureAwait(false);
        if (created is { Succeeded: true })
        {
            return;
        }

        if (options.ErrorIfExists)
        {
            throw new RaveException(
                ErrorCodes.DatabaseNotOpen, $"A database already exists at '{location}', but a new one is required. Use another location.");
        }

        ByteString known = created is null ? found.Kvs[0].Value : created.Responses[0].Range.Kvs[0].Value;
        if (known != format)
        {
            throw new RaveException(
                ErrorCodes.Corruption,
                $"The database at '{location}' has format {Convert.ToHexStringLower(known.Span)} (hex). This version knows format {Format}."
                    + " Open it with the newer version of RaveLevel that created it.");
        }
    }
}
