using System.Net;
using Rave.Client.Failover;
using Rave.Client.Http;
using Rave.Server.Contracts;

namespace Rave.Client.Coalescing;

// A lane's requests to whoever leads, in the binary form. False where this process itself has come to lead meanwhile: then they are for its own store.
internal sealed class LaneApi(IRaveApi api)
{
    internal async Task<bool> TryWriteAsync(LaneRequest request, IdempotencyKey? once)
    {
        LaneContent content = Prepare(request);
        using HttpResponseMessage response = await SendAsync(() =>
            api.BatchAsync(content, request.Sync ? "true" : null, once?.ToString(), request.Abort.Token)).ConfigureAwait(false);
        using PooledBuffer answer = content.Answer;
        return content.IsHome || response.IsSuccessStatusCode ? !content.IsHome : throw Refusal(request, response.StatusCode, answer, isOnce: once is not null);
    }

    // The values in the order of the keys, null where there is none, for each caller's own.
    internal async Task<bool> TryReadAsync(LaneRequest request)
    {
        LaneContent content = Prepare(request);
        using HttpResponseMessage response = await SendAsync(() => api.GetManyAsync(content, request.Snapshot, request.Abort.Token)).ConfigureAwait(false);
        using PooledBuffer answer = content.Answer;
        if (content.IsHome)
        {
            return false;
        }

        if (!response.IsSuccessStatusCode)
        {
            throw Refusal(request, response.StatusCode, answer, isOnce: false);
        }

        Remote.ThrowUnlessEntries(response);
        request.TakeValues(answer.WrittenSpan);
        return true;
    }

    private static LaneContent Prepare(LaneRequest request) => request.Content = new(request.Body.Written, request.Attempts);

    private static async Task<HttpResponseMessage> SendAsync(Func<Task<HttpResponseMessage>> send)
    {
        try
        {
            return await send().ConfigureAwait(false);
        }
        catch (LevelException failure)
        {
            throw RaveException.From(failure);
        }
    }

    private static RaveException Refusal(LaneRequest request, HttpStatusCode status, PooledBuffer answer, bool isOnce) =>
        Remote.Refusal(status, answer.WrittenSpan, inDoubt: !request.Reads && request.Attempts.Lost > 0, isOnce);
}
