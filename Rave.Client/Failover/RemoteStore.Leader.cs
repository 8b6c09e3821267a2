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
    public ValueTask<string?> PropertyAsync(string name, CancellationToken cancellationToken)
    {
        Attempts attempts = Read();
        return OpenAsync(
            token => SendAsync(
                attempts,
                api.PropertyAsync(attempts, Uri.EscapeDataString(name), token),
                static response => response.StatusCode == HttpStatusCode.NotFound ? null : Encoding.UTF8.GetString(((PooledContent)response.Content).Body.WrittenSpan),
                expected: HttpStatusCode.NotFound),
            cancellationToken);
    }

    public ValueTask<long> ApproximateSizeAsync(KeyRange range, CancellationToken cancellationToken)
    {
        Attempts attempts = Read();
        return OpenAsync(
            token => SendAsync(
                attempts,
                api.ApproximateSizeAsync(attempts, Key(range.Start), Key(range.End), KeysInUrls, token),
                static response => Json(response, RaveJson.Default.SizeAnswer).Bytes),
            cancellationToken);
    }

    // A leader that stops in the middle ends it between two steps; the next one then does all of it.
    public async ValueTask CompactAsync(KeyRange range, CancellationToken cancellationToken)
    {
        Attempts attempts = new(reads: false) { IsStepwise = true, Spans = Spans };
        await OpenAsync(
            token => SendAsync(attempts, api.CompactAsync(attempts, Empty(), Key(range.Start), Key(range.End), KeysInUrls, token), Done),
            cancellationToken).ConfigureAwait(false);
    }

    // On a connection of its own, and not by way of Refit: its answer is read as it comes, and it ends with the leader instead of going to the next.
    public async ValueTask<IChangeSubscription> SubscribeAsync(KeyRange range, FeedPlace? after, CancellationToken cancellationToken)
    {
        Reign reign = await campaign.ReignAsync(cancellationToken).ConfigureAwait(false);
        return await RemoteChanges.OpenAsync(location, reign, range, after, time, cancellationToken).ConfigureAwait(false);
    }

    internal ValueTask<Status> StatusAsync(CancellationToken cancellationToken)
    {
        Attempts attempts = new(reads: true) { IsAboutLeader = true, Spans = Spans };
        return OpenAsync(
            token => SendAsync(attempts, api.StatusAsync(attempts, token), static response => Json(response, RaveJson.Default.Status)), cancellationToken);
    }

    internal async ValueTask StepDownAsync(CancellationToken cancellationToken)
    {
        Attempts attempts = new(reads: false) { IsAboutLeader = true, Spans = Spans };
        await OpenAsync(token => SendAsync(attempts, api.StepDownAsync(attempts, Empty(), token), Done), cancellationToken).ConfigureAwait(false);
    }
}
