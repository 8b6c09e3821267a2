using System.Net;

namespace Rave.Tests.Harness;

// Server-sent events as a consumer reads them.
internal sealed class EventStream : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private EventStream(HttpClient http, HttpResponseMessage response, Stream stream)
    {
        _http = http;
        _response = response;
        _lines = new(stream);
    }

    // As a consumer remembers it.
    internal string? LastEventId { get; private set; }

    internal HttpResponseMessage Response => _response;

    // Open and greeted.
    internal static async Task<EventStream> OpenAsync(string socketPath, string target, string? lastEventId = null)
    {
        HttpClient http = LiveLeader.Client(socketPath);
        using HttpRequestMessage request = new(HttpMethod.Get, target);
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        EventStream events = new(http, response, await response.Content.ReadAsStreamAsync());
        (await events.CommentAsync()).ShouldBe("ok");
        return events;
    }

    // The next comment; there must be no event before it.
    internal async Task<string?> CommentAsync()
    {
        Block block = await ReadAsync().Soon() ?? throw new EndOfStreamException();
        block.Event.ShouldBeNull();
        return block.Comment;
    }

    // The next event, past comments; null when the stream has ended.
    internal async Task<ServerEvent?> NextAsync()
    {
        while (await ReadAsync().Soon() is { } block)
        {
            if (block.Event is not null)
            {
                return new(block.Event, LastEventId!, block.Data!);
            }
        }

        return null;
    }

    internal async Task<List<ServerEvent>> TakeAsync(int count)
    {
        List<ServerEvent> events = [];
        while (events.Count < count)
        {
            events.Add(await NextAsync() ?? throw new EndOfStreamException($"after {events.Count} events"));
        }

        return events;
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _response.Dispose();
        _http.Dispose();
        return default;
    }

    private async Task<Block?> ReadAsync()
    {
        Block block = new(null, null, null);
        while (await _lines.ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
            {
                return block;
            }

            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            string text = line[(colon + 2)..];
            block = line[..colon] switch
            {
                "" => block with { Comment = text },
                "event" => block with { Event = text },
                "data" => block with { Data = text },
                "id" => Remember(block, text),
                _ => throw new InvalidDataException(line),
            };
        }

        return null;
    }

    private Block Remember(Block block, string id)
    {
        LastEventId = id;
        return block;
    }

    private sealed record Block(string? Comment, string? Event, string? Data);
}

internal sealed record ServerEvent(string Type, string Id, string Data)
{
    // Without the epoch.
    internal string Place => Id[(Id.IndexOf('-') + 1)..];

    public override string ToString() => $"{Place} {Type} {Data}";
}
