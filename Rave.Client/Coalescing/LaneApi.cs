using System.Buffers;
using System.Net;
using Rave.Client.Failover;
using Rave.Client.Http;
using Rave.Server.Contracts;
using Rave.Server.Leadership;

namespace Rave.Client.Coalescing;

// A lane's requests to whoever leads, in the binary form, or in JSON to a leader that is older than that. False where this process itself has come
// to lead meanwhile: then they are for its own store.
internal sealed class LaneApi(IRaveApi api, Campaign campaign)
{
    private static readonly string InBodies = BatchJsonWriter.Encoding.Name();

    // The leader that was found to know no binary form.
    private Reign? _old;

    internal async Task<bool> TryWriteAsync(LaneRequest request, IdempotencyKey? once)
    {
        LaneContent content = await SendAsync(request, reads: false, once).ConfigureAwait(false);
        content.Answer.Dispose();
        return !content.IsHome;
    }

    // The values in the order of the keys, null where there is none, for each caller's own.
    internal async Task<bool> TryReadAsync(LaneRequest request)
    {
        LaneContent content = await SendAsync(request, reads: true, once: null).ConfigureAwait(false);
        try
        {
            if (!content.IsHome)
            {
                request.TakeValues(content);
            }

            return !content.IsHome;
        }
        finally
        {
            content.Answer.Dispose();
        }
    }

    private async Task<LaneContent> SendAsync(LaneRequest request, bool reads, IdempotencyKey? once)
    {
        try
        {
            Reign? leader = campaign.Current;
            bool json = leader is not null && ReferenceEquals(leader, _old);
            if (await TrySendAsync(request, reads, json, once).ConfigureAwait(false) is { } content)
            {
                return content;
            }

            _old = leader;
            // Under the same number, which a 415 does not decide: the leader before this one may have applied it.
            return (await TrySendAsync(request, reads, json: true, once).ConfigureAwait(false))!;
        }
        catch (LevelException failure)
        {
            throw RaveException.From(failure);
        }
    }

    // Null where the leader does not know the binary form.
    private async Task<LaneContent?> TrySendAsync(LaneRequest request, bool reads, bool json, IdempotencyKey? once)
    {
        LaneContent content = new(json ? Json(request.Body.Written.Span, reads) : request.Body.Written, json, request.Attempts);
        request.Content = content;
        string? encoding = json ? InBodies : null;
        using HttpResponseMessage response = reads
            ? await api.GetManyAsync(content, null, encoding, encoding, request.Abort.Token).ConfigureAwait(false)
            : await api.BatchAsync(content, encoding, encoding, request.Sync ? "true" : null, once?.ToString(), request.Abort.Token).ConfigureAwait(false);
        if (response.IsSuccessStatusCode || content.IsHome)
        {
            content.AnswersInJson = response.Content.Headers.ContentType?.MediaType == MediaTypes.Json;
            return content;
        }

        if (response.StatusCode == HttpStatusCode.UnsupportedMediaType && !json)
        {
            return null;
        }

        throw Remote.Refusal(response.StatusCode, content.Answer.Written.Span, inDoubt: !reads && content.Attempts.Lost > 0, isOnce: once is not null);
    }

    private static ReadOnlyMemory<byte> Json(ReadOnlySpan<byte> body, bool reads)
    {
        ArrayBufferWriter<byte> text = new();
        OperationsBinaryReader operations = new(body);
        if (reads)
        {
            List<byte[]> keys = [];
            while (operations.Read())
            {
                keys.Add(operations.Key.ToArray());
            }

            KeysJsonWriter.Write(text, keys);
            return text.WrittenMemory;
        }

        using BatchJsonWriter json = new(text);
        while (operations.Read())
        {
            new Operation(operations.Type, operations.Key.ToArray(), operations.Value.ToArray(), operations.Precondition).AddTo(json);
        }

        json.End();
        return text.WrittenMemory;
    }
}
