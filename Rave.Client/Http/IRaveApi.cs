using Rave.Server.Contracts;
using Refit;

namespace Rave.Client.Http;

// The leader's REST interface, as Refit's generator reads it. Parameters that are in neither path nor body are the query, under their own names;
// those that are null are left out. Every mutation has a body, be it empty: HttpClient's own handler, which anybody may put in place of ours, resends
// requests without one by itself, whatever their method, and then a write would run twice.
internal interface IRaveApi
{
    private const string AcceptEntries = "Accept: " + MediaTypes.Entries;

    [Post(Routes.GetMany)]
    [Headers(AcceptEntries)]
    Task<HttpResponseMessage> GetManyAsync([Body] HttpContent body, string? snapshot, CancellationToken cancellationToken);

    [Post(Routes.Batch)]
    Task<HttpResponseMessage> BatchAsync(
        [Body] HttpContent body, string? sync, [Header(IdempotencyKey.Header)] string? idempotencyKey, CancellationToken cancellationToken);

    [Get(Routes.Entries)]
    [Headers(AcceptEntries)]
    Task<HttpResponseMessage> EntriesAsync(
        string? gt, string? gte, string? lt, string? lte, string? prefix, string? reverse, string? limit, string? keys, string? values,
        string? snapshot, string? continuation, string? pageSize, string keyEncoding, CancellationToken cancellationToken);

    [Delete(Routes.Entries)]
    Task<HttpResponseMessage> ClearAsync(
        [Body] HttpContent body, string? gt, string? gte, string? lt, string? lte, string? prefix, string? reverse, string? limit,
        string? snapshot, string? all, string? sync, string keyEncoding, [Header(IdempotencyKey.Header)] string? idempotencyKey, CancellationToken cancellationToken);

    [Get(Routes.Count)]
    Task<HttpResponseMessage> CountAsync(
        string? gt, string? gte, string? lt, string? lte, string? prefix, string? snapshot, string keyEncoding, CancellationToken cancellationToken);

    [Post(Routes.Snapshots)]
    Task<HttpResponseMessage> OpenSnapshotAsync([Body] HttpContent body, string ttl, CancellationToken cancellationToken);

    [Delete(Routes.Snapshot)]
    Task<HttpResponseMessage> EndSnapshotAsync([Encoded] string id, [Body] HttpContent body, CancellationToken cancellationToken);

    [Delete(Routes.Session)]
    Task<HttpResponseMessage> EndSessionAsync([Encoded] string session, [Body] HttpContent body, CancellationToken cancellationToken);

    [Get(Routes.ApproximateSize)]
    Task<HttpResponseMessage> ApproximateSizeAsync(string? start, string? end, string keyEncoding, CancellationToken cancellationToken);

    [Post(Routes.Compact)]
    Task<HttpResponseMessage> CompactAsync([Body] HttpContent body, string? start, string? end, string keyEncoding, CancellationToken cancellationToken);

    [Get(Routes.Property)]
    Task<HttpResponseMessage> PropertyAsync([Encoded] string name, CancellationToken cancellationToken);

    [Get(Routes.Status)]
    Task<HttpResponseMessage> StatusAsync(CancellationToken cancellationToken);

    [Post(Routes.StepDown)]
    Task<HttpResponseMessage> StepDownAsync([Body] HttpContent body, CancellationToken cancellationToken);
}
