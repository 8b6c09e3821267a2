using System.Net.Security;
using Google.Protobuf;
using Grpc.Core;
using Rave.Etcd.Location;
using Rave.Etcd.Wire;

namespace Rave.Etcd.Cluster;

// The members as one: a call goes to one of them, and to the next where it fails and may be sent again.
internal sealed partial class EtcdCluster : IDisposable
{
    private readonly Endpoint[] _endpoints;
    private readonly EtcdLocation _location;
    private readonly EtcdOptions _options;
    private readonly TimeProvider _time;
    private readonly Rotation _rotation;
    private readonly UserToken _token;
    private readonly RangeRequest _probe;
    private readonly CancellationTokenSource _closing = new();
    private readonly long _began;
    private volatile bool _isOpen;
    private int _recovered;

    // The key is one that this user may read.
    internal EtcdCluster(EtcdLocation location, EtcdOptions options, TimeProvider time, ByteString key)
    {
        _probe = new() { Key = key, CountOnly = true };
        _location = location;
        _options = options;
        _time = time;
        _began = time.GetTimestamp();
        SslClientAuthenticationOptions? security = TlsFiles.Load(location, options);
        _endpoints = [.. location.Hosts.Select(host => new Endpoint(host, location.Tls, security))];
        _rotation = new(_endpoints, time);
        _token = new(options);
    }

    // That operations go to at present.
    internal EtcdHost Member => _rotation.Current.Host;

    internal CancellationToken Closing => _closing.Token;

    private TimeSpan Timeout => _isOpen ? _options.OperationTimeout : _options.OpenTimeout - _time.GetElapsedTime(_began);

    // From now on, each operation has its own time. Until then, all of them share that of the opening.
    internal void Opened() => _isOpen = true;

    internal Task<RangeResponse> RangeAsync(RangeRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            static (member, request, options) => member.KV.RangeAsync(request, options), static response => response.Header, request,
            Repeat.Read, cancellationToken);

    internal Task<TxnResponse> TxnAsync(TxnRequest request, Repeat repeat, CancellationToken cancellationToken)
    {
        int bytes = request.CalculateSize();
        return bytes > _options.MaxRequestBytes
            ? throw EtcdFailures.TooManyBytes(bytes, _options.MaxRequestBytes)
            : CallAsync(
                static (member, request, options) => member.KV.TxnAsync(request, options), static response => response.Header, request,
                repeat, cancellationToken);
    }

    // A second lease does no harm: the one that is not used ends by itself.
    internal Task<LeaseGrantResponse> GrantAsync(TimeSpan timeToLive, CancellationToken cancellationToken) => CallAsync(
        static (member, request, options) => member.Lease.LeaseGrantAsync(request, options), static response => response.Header,
        new LeaseGrantRequest { Ttl = (long)timeToLive.TotalSeconds }, Repeat.Write, cancellationToken);

    internal Task<StatusResponse> StatusAsync(CancellationToken cancellationToken) => CallAsync(
        static (member, request, options) => member.Maintenance.StatusAsync(request, options), static response => response.Header,
        new StatusRequest(), Repeat.Read, cancellationToken);

    internal Task<AlarmResponse> AlarmsAsync(CancellationToken cancellationToken) => CallAsync(
        static (member, request, options) => member.Maintenance.AlarmAsync(request, options), static response => response.Header,
        new AlarmRequest { Action = AlarmAction.Get }, Repeat.Read, cancellationToken);

    // A stream that lasts; its reader comes again where it ends.
    internal async Task<WatchStream> WatchAsync(CancellationToken cancellationToken)
    {
        Endpoint member = _rotation.Current;
        if (_token.IsNeeded)
        {
            await _token.RequestAsync(member, _time.GetUtcNow().UtcDateTime + _options.AttemptTimeout, cancellationToken)
                .ConfigureAwait(false);
        }

        Metadata headers = _token.Headers;
        // Without this, a member that was cut off from the others would stay silent.
        headers.Add("hasleader", "true");
        return new(member, member.Watch.Watch(new CallOptions(headers, cancellationToken: cancellationToken)));
    }

    // Null where none could be had.
    internal void Lost(WatchStream? stream, RpcException? failure)
    {
        if (failure is not null && EtcdFailures.FateOf(failure, wasSent: true) == Fate.NotAdmitted)
        {
            _token.Drop();
        }

        _rotation.Leave(stream?.Member ?? _rotation.Current);
    }

    public void Dispose()
    {
        _closing.Cancel();
        Array.ForEach(_endpoints, endpoint => endpoint.Dispose());
    }

    private async Task<TResponse> CallAsync<TRequest, TResponse>(
        Func<Endpoint, TRequest, CallOptions, AsyncUnaryCall<TResponse>> call, Func<TResponse, ResponseHeader?> headerOf, TRequest request,
        Repeat repeat, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Closing);
        Attempts attempts = new(_location, _options, Timeout, _time, repeat);
        bool inDoubt = false;
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                // A failure of the wait would say that the write was never sent.
                if (repeat != Repeat.Read && !inDoubt)
                {
                    await AwaitLeaderAsync(ending.Token).ConfigureAwait(false);
                }

                Endpoint member = _rotation.Current;
                Sending sending = new();
                try
                {
                    TResponse response = await AttemptAsync(member, call, request, sending, attempts.Deadline(), ending.Token)
                        .ConfigureAwait(false);
                    _rotation.Heard(headerOf(response));
                    return response;
                }
                catch (RpcException failure) when (!ending.IsCancellationRequested)
                {
                    bool wasSent = !sending.TryGiveUp();
                    if (attempts.Failed(failure, wasSent))
                    {
                        _token.Drop();
                        continue;
                    }

                    inDoubt |= EtcdFailures.FateOf(failure, wasSent) == Fate.InDoubt;
                    _rotation.Leave(member);
                }

                if (attempt % _rotation.Count == 0)
                {
                    await attempts.PauseAsync(ending.Token).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (
            ending.IsCancellationRequested && e is RpcException or OperationCanceledException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw EtcdFailures.Closed();
        }
    }

    // After a failure, the leader may be gone. A member that has not noticed it keeps a write for seconds, and then says that it may have
    // been applied. Reads can be repeated until one is answered: then a member leads, and the write follows. If none is, it was never sent.
    private async ValueTask AwaitLeaderAsync(CancellationToken cancellationToken)
    {
        int failures = _rotation.Failures;
        if (Volatile.Read(ref _recovered) != failures)
        {
            await RangeAsync(_probe, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _recovered, failures);
        }
    }

    private async Task<TResponse> AttemptAsync<TRequest, TResponse>(
        Endpoint member, Func<Endpoint, TRequest, CallOptions, AsyncUnaryCall<TResponse>> call, TRequest request, Sending sending,
        DateTime deadline, CancellationToken cancellationToken)
    {
        if (_token.IsNeeded)
        {
            await _token.RequestAsync(member, deadline, cancellationToken).ConfigureAwait(false);
        }

        sending.Begin();
        using AsyncUnaryCall<TResponse> sent = call(member, request, new(_token.Headers, deadline, cancellationToken));
        return await sent.ResponseAsync.ConfigureAwait(false);
    }
}
