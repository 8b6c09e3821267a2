using System.Globalization;
using System.Net.Http.Headers;
using Rave.Client.Telemetry;
using Rave.Server.Election;
using Rave.Server.Location;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Failover;

// Whoever leads, over the socket: the one place of the client that knows how requests and answers are written. Beside what every store throws,
// LeadsHereException where this process has come to lead. The body of a request is not pooled here: one that is cancelled may still be sending its own.
internal sealed partial class RemoteStore(
    IRaveApi api, DatabaseLocation location, Campaign campaign, TimeProvider time, CancellationToken closing) : IStore, IEngine
{
    // Keys stand in paths and queries: an encoding that is safe in both.
    private const TextEncoding KeyEncoding = TextEncoding.Base64Url;

    private static readonly string KeysInUrls = KeyEncoding.Name();
    private static readonly MediaTypeHeaderValue Operations = MediaTypeHeaderValue.Parse(MediaTypes.Operations);

    public ValueTask<T> GetAsync<T>(ReadOnlyMemory<byte> key, string? snapshot, ValueReader<T> reader, CancellationToken cancellationToken) =>
        AskAsync(OperationType.Get, key, snapshot, reader, cancellationToken);

    public ValueTask<bool> HasAsync(ReadOnlyMemory<byte> key, string? snapshot, CancellationToken cancellationToken) =>
        AskAsync(OperationType.Has, key, snapshot, Presence.Reader, cancellationToken);

    public ValueTask<PooledBuffer> ReadManyAsync(ReadOnlyMemory<byte> keys, string? snapshot, CancellationToken cancellationToken)
    {
        Attempts attempts = Read();
        return OpenAsync(token => SendAsync(attempts, api.GetManyAsync(attempts, Body(keys), snapshot, token), TakeEntries), cancellationToken);
    }

    public ValueTask<Page> ReadPageAsync(Scan scan, int entries, CancellationToken cancellationToken)
    {
        RangeBounds bounds = scan.Bounds;
        string pageSize = entries.ToString(CultureInfo.InvariantCulture);
        Attempts attempts = Read();
        return OpenAsync(
            token => SendAsync(
                attempts,
                scan.LastKey is null
                    ? api.EntriesAsync(
                        attempts, Key(bounds.Gt), Key(bounds.Gte), Key(bounds.Lt), Key(bounds.Lte), Key(bounds.Prefix), Flag(scan.Reverse), Limit(scan),
                        Unless(scan.Keys), Unless(scan.Values), scan.Snapshot, null, pageSize, KeysInUrls, token)
                    : api.EntriesAsync(
                        attempts, null, null, null, null, null, null, null, null, null, null, ContinuationToken.Encode(scan), pageSize, KeysInUrls, token),
                response => TakePage(response, scan)),
            cancellationToken);
    }

    public ValueTask<long> CountAsync(RangeBounds bounds, string? snapshot, CancellationToken cancellationToken)
    {
        Attempts attempts = Read();
        return OpenAsync(
            token => SendAsync(
                attempts,
                api.CountAsync(attempts, Key(bounds.Gt), Key(bounds.Gte), Key(bounds.Lt), Key(bounds.Lte), Key(bounds.Prefix), snapshot, KeysInUrls, token),
                static response => Json(response, RaveJson.Default.CountAnswer).Count),
            cancellationToken);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> operations, bool sync, Once? once, CancellationToken cancellationToken)
    {
        Attempts attempts = Write();
        await OpenAsync(
            token => SendAsync(attempts, api.BatchAsync(attempts, Body(operations), Flag(sync), once?.Key.ToString(), token), Done, isOnce: once is not null),
            cancellationToken,
            writes: true).ConfigureAwait(false);
    }

    public async ValueTask ClearAsync(Scan scan, bool sync, Once? once, CancellationToken cancellationToken)
    {
        RangeBounds bounds = scan.Bounds;
        Attempts attempts = new(reads: false) { IsStepwise = true, Spans = Spans };
        await OpenAsync(
            token => SendAsync(
                attempts,
                api.ClearAsync(
                    attempts, Empty(), Key(bounds.Gt), Key(bounds.Gte), Key(bounds.Lt), Key(bounds.Lte), Key(bounds.Prefix),
                    Flag(scan.Reverse), Limit(scan), scan.Snapshot, "true", Flag(sync), KeysInUrls, once?.Key.ToString(), token),
                Done,
                isOnce: once is not null),
            cancellationToken,
            writes: true).ConfigureAwait(false);
    }

    public ValueTask<SnapshotAnswer> OpenSnapshotAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        string seconds = ((long)Math.Ceiling(timeToLive.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        Attempts attempts = Write();
        return OpenAsync(
            token => SendAsync(
                attempts, api.OpenSnapshotAsync(attempts, Empty(), seconds, token), static response => Json(response, RaveJson.Default.SnapshotAnswer)),
            cancellationToken);
    }

    public async ValueTask EndSnapshotAsync(string id, CancellationToken cancellationToken)
    {
        Attempts attempts = Write();
        await OpenAsync(token => SendAsync(attempts, api.EndSnapshotAsync(attempts, id, Empty(), token), Done), cancellationToken).ConfigureAwait(false);
    }

    // While the handle closes too: under a deadline of its caller's.
    public async ValueTask EndSessionAsync(string session, CancellationToken cancellationToken)
    {
        Attempts attempts = Write();
        await SendAsync(attempts, api.EndSessionAsync(attempts, session, Empty(), cancellationToken), Done).ConfigureAwait(false);
    }

    // A lane's, which has a clock and an end of its own.
    internal ValueTask<PooledBuffer> ReadManyAsync(ReadOnlyMemory<byte> keys, string? snapshot, Attempts attempts) =>
        SendAsync(attempts, api.GetManyAsync(attempts, Body(keys), snapshot, CancellationToken.None), TakeEntries);

    internal ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> operations, bool sync, Once? once, Attempts attempts) =>
        SendAsync(attempts, api.BatchAsync(attempts, Body(operations), Flag(sync), once?.Key.ToString(), CancellationToken.None), Done, isOnce: once is not null);

    private async ValueTask<T> AskAsync<T>(
        OperationType type, ReadOnlyMemory<byte> key, string? snapshot, ValueReader<T> reader, CancellationToken cancellationToken)
    {
        byte[] operation = new byte[OperationsBinaryWriter.KeyFraming + key.Length];
        int length = OperationsBinaryWriter.WriteKey(operation, type, key.Span);
        using PooledBuffer answer = await ReadManyAsync(operation.AsMemory(0, length), snapshot, cancellationToken).ConfigureAwait(false);
        bool found = EntriesBinaryReader.ReadOnly(answer.WrittenSpan, out ReadOnlySpan<byte> value);
        return reader.Read(found, OperationsBinaryReader.KeyOf(operation), value);
    }

    private static ReadOnlyMemoryContent Body(ReadOnlyMemory<byte> operations) => new(operations) { Headers = { ContentType = Operations } };

    // A request with content is never resent behind our back, whatever handler sends it.
    private static ByteArrayContent Empty() => new([]);

    private static string? Key(byte[]? key) => key is null ? null : KeyEncoding.Encode(key);

    private static string? Flag(bool value) => value ? "true" : null;

    private static string? Unless(bool value) => value ? null : "false";

    private static string? Limit(Scan scan) => scan.Limit == Scan.Unlimited ? null : scan.Limit.ToString(CultureInfo.InvariantCulture);

    private static System.Diagnostics.Activity?[] Spans => Tracing.Current is { } span ? [span] : [];

    private static Attempts Read() => new(reads: true) { Spans = Spans };

    private static Attempts Write() => new(reads: false) { Spans = Spans };
}
