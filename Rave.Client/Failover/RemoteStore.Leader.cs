using System.Net;
using System.Text;
using Rave.Client.Changes;
using Rave.Server.Election;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Failover;

// The leader's engine, and the leader itself.
internal sealed partial class RemoteStore
{
    public ValueTask<string?> PropertyAsync(string name, CancellationToken cancellationToken) =>
        RunAsync(
            Read(),
            (attempts, token) => api.PropertyAsync(attempts, Uri.EscapeDataString(name), token),
            static response => response.StatusCode == HttpStatusCode.NotFound ? null : Encoding.UTF8.GetString(BodyOf(response)),
            cancellationToken,
            expected: HttpStatusCode.NotFound);

    public ValueTask<long> ApproximateSizeAsync(KeyRange range, CancellationToken cancellationToken) =>
        RunAsync(
            Read(),
            (attempts, token) => api.ApproximateSizeAsync(attempts, Key(range.Start), Key(range.End), KeysInUrls, token),
            static response => Json(response, RaveJson.Default.SizeAnswer).Bytes,
            cancellationToken);

    // If a leader stops between two steps, the next one compacts the whole range.
    public async ValueTask CompactAsync(KeyRange range, CancellationToken cancellationToken) =>
        await RunAsync(
            new(reads: false) { IsStepwise = true, Spans = Spans },
            (attempts, token) => api.CompactAsync(attempts, EmptyBody(), Key(range.Start), Key(range.End), KeysInUrls, token),
            Done,
            cancellationToken).ConfigureAwait(false);

    // On a separate connection and without Refit: the answer is a stream, and it ends with this leader.
    public async ValueTask<IChangeSubscription> SubscribeAsync(KeyRange range, FeedPlace? after, CancellationToken cancellationToken)
    {
        Reign reign = await campaign.ReignAsync(cancellationToken).ConfigureAwait(false);
        return await RemoteChanges.OpenAsync(location, reign, range, after, time, cancellationToken).ConfigureAwait(false);
    }

    internal ValueTask<Status> StatusAsync(CancellationToken cancellationToken) =>
        RunAsync(
            new(reads: true) { IsAboutLeader = true, Spans = Spans },
            (attempts, token) => api.StatusAsync(attempts, token),
            static response => Json(response, RaveJson.Default.Status),
            cancellationToken);

    internal async ValueTask StepDownAsync(CancellationToken cancellationToken) =>
        await RunAsync(
            new(reads: false) { IsAboutLeader = true, Spans = Spans },
            (attempts, token) => api.StepDownAsync(attempts, EmptyBody(), token),
            Done,
            cancellationToken).ConfigureAwait(false);
}
