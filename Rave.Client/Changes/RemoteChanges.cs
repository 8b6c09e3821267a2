using System.Net;
using System.Text.Json;
using Rave.Client.Failover;
using Rave.Server.Election;
using Rave.Server.Hosting;
using Rave.Server.Location;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Changes;

// The changes from a leader in another process: the stream /v1/changes, on a separate connection.
internal sealed class RemoteChanges : IChangeSubscription
{
    private const string LastEventId = "Last-Event-ID";

    private static readonly string Encoding = TextEncoding.Base64.Name();

    private readonly HttpMessageInvoker _http;
    private readonly CancellationTokenSource _over;
    private HttpResponseMessage? _response;
    private StreamReader? _lines;
    private Event? _next;

    private RemoteChanges(HttpMessageInvoker http, Reign reign)
    {
        _http = http;
        // It ends with the reign of its leader. If a leader hangs, its watch ends the reign.
        CancellationTokenSource over = _over = new();
        _ = reign.Over.ContinueWith(
            _ => over.Cancel(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public FeedPlace? Place { get; private set; }

    // Throws LEVEL_DATABASE_NOT_OPEN if no leader answers.
    internal static async ValueTask<IChangeSubscription> OpenAsync(
        DatabaseLocation location, Reign reign, KeyRange range, FeedPlace? after, TimeProvider time, CancellationToken cancellationToken)
    {
        RemoteChanges changes = new(new(LocalSocket.CreateHandler(location, connections: 1, time)), reign);
        try
        {
            await changes.ReadUntilEndAsync(token => changes.ConnectAsync(range, after, token), cancellationToken).ConfigureAwait(false);
            return changes;
        }
        catch
        {
            changes.Dispose();
            throw;
        }
    }

    public bool TryRead(out Change change)
    {
        if (_next is not { } next)
        {
            change = default;
            return false;
        }

        _next = null;
        Place = next.Place;
        change = new() { Type = next.Type, Key = next.Key, Value = next.Value, Place = next.Place, IsLast = next.IsLast };
        return true;
    }

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (_next is null)
        {
            await ReadUntilEndAsync(ReadEventAsync, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _lines?.Dispose();
        _response?.Dispose();
        _http.Dispose();
    }

    private async Task ReadUntilEndAsync(Func<CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _over.Token);
        try
        {
            await read(either.Token).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is HttpRequestException or IOException
            || (cause is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The leader was stopped or killed, or was silent for too long.
            throw StoreFailures.NotOpen();
        }
    }

    private async Task ConnectAsync(KeyRange range, FeedPlace? after, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, LocalSocket.BaseAddress + Target(range));
        if (after is { } place)
        {
            request.Headers.TryAddWithoutValidation(LastEventId, place.ToString());
        }

        _response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (_response.StatusCode != HttpStatusCode.OK)
        {
            byte[] problem = await _response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            throw _response.StatusCode == HttpStatusCode.ServiceUnavailable
                ? StoreFailures.NotOpen()
                : RemoteStore.Refusal(_response.StatusCode, problem);
        }

        _lines = new(await _response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        // A feed without this header begins with a gap.
        bool hasStart = _response.Headers.TryGetValues(LastEventId, out IEnumerable<string>? ids);
        Place = hasStart && FeedPlace.TryParse(ids!.First(), out FeedPlace start) ? start : after;
        await ReadBlockAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task ReadEventAsync(CancellationToken cancellationToken)
    {
        Block block;
        do
        {
            block = await ReadBlockAsync(cancellationToken).ConfigureAwait(false);
        }
        while (block.Event is null);

        _next = Event.Parse(block.Event, block.Data!, block.Place ?? Place ?? FeedPlace.Lost);
    }

    // Reads a complete event or comment. The place of a comment counts now; that of an event counts when the event is read.
    private async Task<Block> ReadBlockAsync(CancellationToken cancellationToken)
    {
        Block block = default;
        while (await _lines!.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.Length == 0)
            {
                Place = block.Event is null && block.Place is { } place ? place : Place;
                return block;
            }

            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            string text = line[(colon + 2)..];
            block = line[..Math.Max(colon, 0)] switch
            {
                "event" => block with { Event = text },
                "data" => block with { Data = text },
                "id" when FeedPlace.TryParse(text, out FeedPlace place) => block with { Place = place },
                // A comment, or a field that a later version adds.
                _ => block,
            };
        }

        throw StoreFailures.NotOpen();
    }

    private static string Target(KeyRange range)
    {
        string from = range.Start is null ? "" : $"&gte={Text(range.Start)}";
        string to = range.End is null ? "" : $"&lt={Text(range.End)}";
        return $"{Routes.Changes}?keyEncoding={Encoding}&valueEncoding={Encoding}{from}{to}";

        static string Text(byte[] key) => Uri.EscapeDataString(Convert.ToBase64String(key));
    }

    private readonly record struct Block(string? Event, string? Data, FeedPlace? Place);

    private sealed record Event(ChangeType Type, byte[] Key, byte[] Value, FeedPlace Place, bool IsLast)
    {
        internal static Event Parse(string type, string data, FeedPlace place)
        {
            using JsonDocument json = JsonDocument.Parse(data);
            bool isLast = json.RootElement.TryGetProperty("last"u8, out _);
            return type switch
            {
                "put" => new(ChangeType.Put, Bytes("key"), Bytes("value"), place, isLast),
                "del" => new(ChangeType.Delete, Bytes("key"), [], place, isLast),
                "clear" => new(ChangeType.Clear, Bytes("from"), Bytes("to"), place, isLast),
                // A type of a later version. This reader does not know it, so it has missed something.
                _ => new(ChangeType.Gap, [], [], place, isLast),
            };

            byte[] Bytes(string member) => json.RootElement.GetProperty(member).GetBytesFromBase64();
        }
    }
}
