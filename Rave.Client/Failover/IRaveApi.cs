using Rave.Server.Protocol;
using Refit;

namespace Rave.Client.Failover;

// The leader's REST interface for Refit's generator. Parameters that are neither in the path nor in the body are the query; null is left
// out. Attempts go with a request to the handler that sends it. Every mutation has a body, even an empty one: .NET's own handler, which
// may be used instead of ours, resends requests without a body, and would then run a write twice.
internal interface IRaveApi
{
    private const string AcceptEntries = "Accept: " + MediaTypes.Entries;

    [Post(Routes.GetMany)]
    [Headers(AcceptEntries)]
    Task<HttpResponseMessage> GetManyAsync(
        [Property(Attempts.Name)] Attempts? attempts, [Body] HttpContent body, string? snapshot, CancellationToken cancellationToken);

    [Post(Routes.Batch)]
    Task<HttpResponseMessage> BatchAsync(
        [Property(Attempts.Name)] Attempts? attempts, [Body] HttpContent body, string? sync,
        [Header(IdempotencyKey.Header)] string? idempotencyKey, CancellationToken cancellationToken);

    [Get(Routes.Entries)]
    [Headers(AcceptEntries)]
    Task<HttpResponseMessage> EntriesAsync(
        [Property(Attempts.Name)] Attempts? attempts, string? gt, string? gte, string? lt, string? lte, string? prefix,
        string? reverse, string? limit, string? keys, string? values, string? snapshot, string? continuation, string? pageSize,
        string keyEncoding, CancellationToken cancellationToken);

    [Delete(Routes.Entries)]
    Task<HttpResponseMessage> ClearAsync(
        [Property(Attempts.Name)] Attempts? attempts, [Body] HttpContent body, string? gt, string? gte, string? lt, string? lte,
        string? prefix, string? reverse, string? limit, string? snapshot, string? all, string? sync, string keyEncoding,
        [Header(IdempotencyKey.Header)] string? idempotencyKey, CancellationToken cancellationToken);

    [Get(Routes.Count)]
    Task<HttpResponseMessage> CountAsync(
        [Property(Attempts.Name)] Attempts? attempts, string? gt, string? gte, string? lt, string? lte, string? prefix,
        string? snapshot, string keyEncoding, CancellationToken cancellationToken);

    [Post(Routes.Snapshots)]
    Task<HttpResponseMessage> OpenSnapshotAsync(
        [Property(Attempts.Name)] Attempts? attempts, [Body] HttpContent body, string ttl, CancellationToken cancellationToken);

    [Delete(Routes.Snapshot)]
    Task<HttpResponseMessage> EndSnapshotAsync(
        [Property(Attempts.Name)] Attempts? attempts, [Encoded] string id, [Body] HttpContent body, CancellationToken cancellationToken);

    [Delete(Routes.Session)]
    Task<HttpResponseMessage> EndSessionAsync(
        [Property(Attempts.Name)] Attempts? attempts, [Encoded] string session, [Body] HttpContent body,
        CancellationToken cancellationToken);

    [Get(Routes.ApproximateSize)]
    Task<HttpResponseMessage> ApproximateSizeAsync(
        [Property(Attempts.Name)] Attempts? attempts, string? start, string? end, string keyEncoding, CancellationToken cancellationToken);

    [Post(Routes.Compact)]
    Task<HttpResponseMessage> CompactAsync(
        [Property(Attempts.Name)] Attempts? attempts, [Body] HttpContent body, string? start, string? end, string keyEncoding,
        CancellationToken cancellationToken);

    [Get(Routes.Property)]
    Task<HttpResponseMessage> PropertyAsync(
        [Property(Attempts.Name)] Attempts? attempts, [Encoded] string name, CancellationToken cancellationToken);

    [Get(Routes.Status)]
    Task<HttpResponseMessage> StatusAsync([Property(Attempts.Name)] Attempts? attempts, CancellationToken cancellationToken);

    [Post(Routes.StepDown)]
    Task<HttpResponseMessage> StepDownAsync(
        [Property(Attempts.Name)] Attempts? attempts, [Body] HttpContent body, CancellationToken cancellationToken);
}
