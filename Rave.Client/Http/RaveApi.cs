#if !REFIT
using System.Text;
using Rave.Server.Contracts;
using Rave.Server.Leadership;

namespace Rave.Client.Http;

// The implementation of IRaveApi that needs no package.
internal sealed class RaveApi(HttpMessageInvoker http) : IRaveApi
{
    // The targets of the lanes, parsed once.
    private static readonly Uri Batch = Target(Routes.Batch);
    private static readonly Uri GetMany = Target(Routes.GetMany);

    public Task<HttpResponseMessage> GetManyAsync(HttpContent body, string? snapshot, string? keyEncoding, string? valueEncoding, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, Routes.GetMany, body, cancellationToken, ("snapshot", snapshot), ("keyEncoding", keyEncoding), ("valueEncoding", valueEncoding));

    public Task<HttpResponseMessage> HasManyAsync(HttpContent body, string? snapshot, string keyEncoding, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, Routes.HasMany, body, cancellationToken, ("snapshot", snapshot), ("keyEncoding", keyEncoding));

    public Task<HttpResponseMessage> BatchAsync(
        HttpContent body, string? keyEncoding, string? valueEncoding, string? sync, string? idempotencyKey, CancellationToken cancellationToken) =>
        SendOnceAsync(
            HttpMethod.Post, Routes.Batch, body, idempotencyKey, cancellationToken,
            ("keyEncoding", keyEncoding), ("valueEncoding", valueEncoding), ("sync", sync));

    public Task<HttpResponseMessage> EntriesAsync(
        string? gt, string? gte, string? lt, string? lte, string? prefix, string? reverse, string? limit, string? keys, string? values,
        string? snapshot, string? continuation, string? pageSize, string keyEncoding, string? valueEncoding, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Get, Routes.Entries, null, cancellationToken,
            ("gt", gt), ("gte", gte), ("lt", lt), ("lte", lte), ("prefix", prefix), ("reverse", reverse), ("limit", limit),
            ("keys", keys), ("values", values), ("snapshot", snapshot), ("continuation", continuation), ("pageSize", pageSize),
            ("keyEncoding", keyEncoding), ("valueEncoding", valueEncoding));

    public Task<HttpResponseMessage> ClearAsync(
        HttpContent body, string? gt, string? gte, string? lt, string? lte, string? prefix, string? reverse, string? limit,
        string? snapshot, string? all, string? sync, string keyEncoding, string? idempotencyKey, CancellationToken cancellationToken) =>
        SendOnceAsync(
            HttpMethod.Delete, Routes.Entries, body, idempotencyKey, cancellationToken,
            ("gt", gt), ("gte", gte), ("lt", lt), ("lte", lte), ("prefix", prefix), ("reverse", reverse), ("limit", limit),
            ("snapshot", snapshot), ("all", all), ("sync", sync), ("keyEncoding", keyEncoding));

    public Task<HttpResponseMessage> CountAsync(
        string? gt, string? gte, string? lt, string? lte, string? prefix, string? snapshot, string keyEncoding, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Get, Routes.Count, null, cancellationToken,
            ("gt", gt), ("gte", gte), ("lt", lt), ("lte", lte), ("prefix", prefix), ("snapshot", snapshot), ("keyEncoding", keyEncoding));

    public Task<HttpResponseMessage> OpenSnapshotAsync(HttpContent body, string ttl, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, Routes.Snapshots, body, cancellationToken, ("ttl", ttl));

    public Task<HttpResponseMessage> EndSnapshotAsync(string id, HttpContent body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, Routes.Snapshot.Replace("{id}", id, StringComparison.Ordinal), body, cancellationToken);

    public Task<HttpResponseMessage> EndSessionAsync(string session, HttpContent body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, Routes.Session.Replace("{session}", session, StringComparison.Ordinal), body, cancellationToken);

    public Task<HttpResponseMessage> ApproximateSizeAsync(string? start, string? end, string keyEncoding, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, Routes.ApproximateSize, null, cancellationToken, ("start", start), ("end", end), ("keyEncoding", keyEncoding));

    public Task<HttpResponseMessage> CompactAsync(HttpContent body, string? start, string? end, string keyEncoding, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, Routes.Compact, body, cancellationToken, ("start", start), ("end", end), ("keyEncoding", keyEncoding));

    public Task<HttpResponseMessage> PropertyAsync(string name, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, Routes.Property.Replace("{name}", name, StringComparison.Ordinal), null, cancellationToken);

    public Task<HttpResponseMessage> StatusAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, Routes.Status, null, cancellationToken);

    public Task<HttpResponseMessage> StepDownAsync(HttpContent body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, Routes.StepDown, body, cancellationToken);

    private Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken, params ReadOnlySpan<(string Name, string? Value)> query) =>
        SendOnceAsync(method, path, body, idempotencyKey: null, cancellationToken, query);

    private Task<HttpResponseMessage> SendOnceAsync(
        HttpMethod method, string path, HttpContent? body, string? idempotencyKey, CancellationToken cancellationToken, params ReadOnlySpan<(string Name, string? Value)> query)
    {
        StringBuilder? target = null;
        foreach ((string name, string? value) in query)
        {
            if (value is not null)
            {
                target = target is null ? new StringBuilder(path).Append('?') : target.Append('&');
                target.Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        Uri uri = target is not null ? Target(target.ToString())
            : path is Routes.Batch ? Batch
            : path is Routes.GetMany ? GetMany
            : Target(path);
        HttpRequestMessage request = new(method, uri) { Content = body };
        if (path is Routes.GetMany || (path is Routes.Entries && method == HttpMethod.Get))
        {
            request.Headers.TryAddWithoutValidation("Accept", MediaTypes.Entries);
        }

        if (idempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation(IdempotencyKey.Header, idempotencyKey);
        }

        // The failover handler has read the answer, whole.
        return http.SendAsync(request, cancellationToken);
    }

    private static Uri Target(string path) => new(LocalSocket.BaseAddress + path);
}
#endif
