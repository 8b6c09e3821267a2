using System.Globalization;
using System.Net.Http.Headers;
using Rave.Client.Telemetry;
using Rave.Server.Election;
using Rave.Server.Location;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Failover;

// The current leader, over the socket. The one place of the client that knows how requests and answers are written.
// It throws LeadsHereException if this process has become the leader. Request bodies are not pooled here: a cancelled request may
// still be sending its body.
internal sealed partial class RemoteStore(
    IRaveApi api, DatabaseLocation location, Campaign campaign, TimeProvider time, CancellationToken closing) : IStore, IEngine
{
    // Keys are in paths and queries. This encoding is safe in both.
    private const TextEncoding KeyEncoding = TextEncoding.Base64Url;

    private static readonly string KeysInUrls = KeyEncoding.Name();
    private static readonly MediaTypeHeaderValue Operations = MediaTypeHeaderValue.Parse(MediaTypes.Operations);

    public async ValueTask<T> GetAsync<T>(
        ReadOnlyMemory<byte> key, string? snapshot, ValueReader<T> reader, CancellationToken cancellationToken)
    {
        byte[] operation = new byte[OperationsBinaryWriter.KeyFraming + key.Length];
        OperationType type = reader.NeedsValue ? OperationType.Get : OperationType.Has;
        int length = OperationsBinaryWriter.WriteKey(operation, type, key.Span);
        using PooledBuffer answer = await ReadManyAsync(operation.AsMemory(0, length), snapshot, cancellationToken).ConfigureAwait(false);
        bool found = EntriesBinaryReader.ReadOnly(answer.WrittenSpan, out ReadOnlySpan<byte> value);
        return reader.Read(found, OperationsBinaryReader.KeyOf(operation), value);
    }

    public ValueTask<PooledBuffer> ReadManyAsync(ReadOnlyMemory<byte> keys, string? snapshot, CancellationToken cancellationToken) =>
        RunAsync(Read(), (attempts, token) => api.GetManyAsync(attempts, Body(keys), snapshot, token), TakeEntries, cancellationToken);

    public ValueTask<Page> ReadPageAsync(Scan scan, int entries, CancellationToken cancellationToken)
    {
        RangeBounds bounds = scan.Bounds;
        string pageSize = entries.ToString(CultureInfo.InvariantCulture);
        return RunAsync(
            Read(),
            (attempts, token) => scan.LastKey is null
                ? api.EntriesAsync(
                    attempts, Key(bounds.Gt), Key(bounds.Gte), Key(bounds.Lt), Key(bounds.Lte), Key(bounds.Prefix), Flag(scan.Reverse),
                    Limit(scan), FalseFlag(scan.Keys), FalseFlag(scan.Values), scan.Snapshot, null, pageSize, KeysInUrls, token)
                : api.EntriesAsync(
                    attempts, null, null, null, null, null, null, null, null, null, null, ContinuationToken.Encode(scan), pageSize,
                    KeysInUrls, token),
            response => TakePage(response, scan),
            cancellationToken);
    }

    public ValueTask<long> CountAsync(RangeBounds bounds, string? snapshot, CancellationToken cancellationToken) =>
        RunAsync(
            Read(),
            (attempts, token) => api.CountAsync(
                attempts, Key(bounds.Gt), Key(bounds.Gte), Key(bounds.Lt), Key(bounds.Lte), Key(bounds.Prefix), snapshot,
                KeysInUrls, token),
            static response => Json(response, RaveJson.Default.CountAnswer).Count,
            cancellationToken);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> operations, bool sync, Once? once, CancellationToken cancellationToken) =>
        await RunAsync(
            Write(),
            (attempts, token) => api.BatchAsync(attempts, Body(operations), Flag(sync), once?.Key.ToString(), token),
            Done,
            cancellationToken,
            isOnce: once is not null,
            changesData: true).ConfigureAwait(false);

    public async ValueTask ClearAsync(Scan scan, bool sync, Once? once, CancellationToken cancellationToken)
    {
        RangeBounds bounds = scan.Bounds;
        await RunAsync(
            new(reads: false) { IsStepwise = true, Spans = Spans },
            (attempts, token) => api.ClearAsync(
                attempts, EmptyBody(), Key(bounds.Gt), Key(bounds.Gte), Key(bounds.Lt), Key(bounds.Lte), Key(bounds.Prefix),
                Flag(scan.Reverse), Limit(scan), scan.Snapshot, "true", Flag(sync), KeysInUrls, once?.Key.ToString(), token),
            Done,
            cancellationToken,
            isOnce: once is not null,
            changesData: true).ConfigureAwait(false);
    }

    public ValueTask<SnapshotAnswer> OpenSnapshotAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        string seconds = ((long)Math.Ceiling(timeToLive.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return RunAsync(
            Write(),
            (attempts, token) => api.OpenSnapshotAsync(attempts, EmptyBody(), seconds, token),
            static response => Json(response, RaveJson.Default.SnapshotAnswer),
            cancellationToken);
    }

    public async ValueTask EndSnapshotAsync(string id, CancellationToken cancellationToken) =>
        await RunAsync(
            Write(),
            (attempts, token) => api.EndSnapshotAsync(attempts, id, EmptyBody(), token),
            Done,
            cancellationToken).ConfigureAwait(false);

    // Also while the handle closes, with a deadline of the caller.
    public async ValueTask EndSessionAsync(string session, CancellationToken cancellationToken)
    {
        Attempts attempts = Write();
        await SendAsync(attempts, api.EndSessionAsync(attempts, session, EmptyBody(), cancellationToken), Done).ConfigureAwait(false);
    }

    // For a lane, which has its own deadlines.
    internal ValueTask<PooledBuffer> ReadManyAsync(ReadOnlyMemory<byte> keys, string? snapshot, Attempts attempts) =>
        SendAsync(attempts, api.GetManyAsync(attempts, Body(keys), snapshot, CancellationToken.None), TakeEntries);

    internal ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> operations, bool sync, Once? once, Attempts attempts) =>
        SendAsync(
            attempts,
            api.BatchAsync(attempts, Body(operations), Flag(sync), once?.Key.ToString(), CancellationToken.None),
            Done,
            isOnce: once is not null);

    private static ReadOnlyMemoryContent Body(ReadOnlyMemory<byte> operations) =>
        new(operations) { Headers = { ContentType = Operations } };

    // .NET's own handler may resend a request without content (IRaveApi).
    private static ByteArrayContent EmptyBody() => new([]);

    private static string? Key(byte[]? key) => key is null ? null : KeyEncoding.Encode(key);

    private static string? Flag(bool value) => value ? "true" : null;

    private static string? FalseFlag(bool value) => value ? null : "false";

    private static string? Limit(Scan scan) => scan.Limit == Scan.Unlimited ? null : scan.Limit.ToString(CultureInfo.InvariantCulture);

    private static System.Diagnostics.Activity?[] Spans => Tracing.Current is { } span ? [span] : [];

    private static Attempts Read() => new(reads: true) { Spans = Spans };

    private static Attempts Write() => new(reads: false) { Spans = Spans };
}
