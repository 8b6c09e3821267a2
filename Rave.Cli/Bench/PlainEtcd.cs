using Google.Protobuf;
using Grpc.Core;
using Rave.Etcd.Cluster;
using Rave.Etcd.Location;
using Rave.Etcd.Wire;

namespace Rave.Cli.Bench;

// The leader of an etcd cluster without RaveLevel: single puts and gets, by the same gRPC client over the same kind of channel.
internal sealed class PlainEtcd : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly Endpoint _leader;
    private readonly BenchLoad _load;
    private readonly CancellationToken _cancellationToken;

    // Beside the database's own keys, under its prefix.
    private readonly string _prefix;

    private PlainEtcd(Endpoint leader, string database, BenchLoad load, CancellationToken cancellationToken)
    {
        _leader = leader;
        _load = load;
        _cancellationToken = cancellationToken;
        _prefix = $"rave/{database}/plain/";
    }

    private CallOptions Call => new(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + Timeout, cancellationToken: _cancellationToken);

    internal static async Task<PlainEtcd> ConnectAsync(string location, BenchLoad load, CancellationToken cancellationToken)
    {
        EtcdLocation cluster = EtcdLocation.Parse(location);
        foreach (EtcdHost host in cluster.Hosts)
        {
            Endpoint member = new(host, cluster.Tls, TlsFiles.Load(cluster, new()));
            PlainEtcd plain = new(member, cluster.Database, load, cancellationToken);
            StatusResponse status = await member.Maintenance.StatusAsync(new(), plain.Call).ResponseAsync.ConfigureAwait(false);
            if (status.Leader == status.Header.MemberId)
            {
                return plain;
            }

            plain.Dispose();
        }

        throw new BenchException($"The leader of the cluster is not among the members of '{location}'. Name all of them.");
    }

    internal async ValueTask PutAsync(int i)
    {
        PutRequest request = new() { Key = Key(i), Value = UnsafeByteOperations.UnsafeWrap(_load.Value(i)) };
        await _leader.KV.PutAsync(request, Call).ResponseAsync.ConfigureAwait(false);
    }

    internal async ValueTask GetAsync(int i)
    {
        RangeResponse found = await _leader.KV.RangeAsync(new() { Key = Key(i) }, Call).ResponseAsync.ConfigureAwait(false);
        if (found.Count == 0)
        {
            throw new BenchException("Entries that were written are missing.");
        }
    }

    // Also after the run was cancelled.
    internal async Task ClearAsync()
    {
        ByteString from = ByteString.CopyFromUtf8(_prefix);
        ByteString end = ByteString.CopyFromUtf8($"{_prefix[..^1]}0");
        TxnRequest clear = new() { Success = { new RequestOp { DeleteRange = new() { Key = from, RangeEnd = end } } } };
        await _leader.KV.TxnAsync(clear, Call.WithCancellationToken(CancellationToken.None)).ResponseAsync.ConfigureAwait(false);
    }

    public void Dispose() => _leader.Dispose();

    private ByteString Key(int i) => ByteString.CopyFrom([.. System.Text.Encoding.ASCII.GetBytes(_prefix), .. _load.Key(i)]);
}
