using System.Net;
using System.Text.Json;
using Rave.Client.Failover;
using Rave.Server.Election;
using Rave.Server.Hosting;
using Rave.Server.Location;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Changes;

// The feed of another process that leads: /v1/changes, read as it comes, on a connection of its own.
internal sealed class RemoteChanges : IChangeSource
{
    private const string LastEventId = "Last-Event-ID";

    private static readonly string Encoding = TextEncoding.Base64.Name();

    private readonly HttpMessageInvoker _http;
    private readonly CancellationTokenSource _over;
    private HttpResponseMessage? _response;
    private StreamReader? _lines;

    private RemoteChanges(HttpMessageInvoker http, Reign reign)
    {
        _http = http;
        // It lasts as long as its leader does: one that hangs says nothing here either, and the watch notices.
        CancellationTokenSource over = _over = new();
        _ = reign.Over.ContinueWith(_ => over.Cancel(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public FeedPlace Place { get; private set; }

    // Subscribed, and its place known; null when nobody answers there as the leader.
    internal static async Task<RemoteChanges?> TryOpenAsync(
        DatabaseLocation location, Reign reign, RangeBounds bounds, FeedPlace? after, TimeProvider time, CancellationToken cancellationToken)
    {
        RemoteChanges changes = new(new(LocalSocket.CreateHandler(location, connections: 1, time)), reign);
        bool opened = false;
        try
        {
            return (opened = await changes.ConnectAsync(bounds, after, cancellationToken).ConfigureAwait(false)) ? changes : null;
        }
        finally
        {
            if (!opened)
            {
                changes.Dispose();
            }
        }
    }

    public async ValueTask<RawChange?> ReadAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _over.Token);
        try
        {
            while (await ReadBlockAsync(either.Token).ConfigureAwait(false) is { } block)
            {
                if (block.Event is { } kind)
                {
                    return Parse(kind, block.Data!);
                }
            }
        }
        catch (Exception cause) when (IsLoss(cause, cancellationToken))
        {
            // Stopped, killed, or silent for too long.
        }

        return null;
    }

    public void Dispose()
    {
        _lines?.Dispose();
        _response?.Dispose();
        _http.Dispose();
    }

    private async Task<bool> ConnectAsync(RangeBounds bounds, FeedPlace? after, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _over.Token);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, LocalSocket.BaseAddress + Target(bounds));
            if (after is { } place)
            {
                request.Headers.TryAddWithoutValidation(LastEventId, place.ToString());
            }

            _response = await _http.SendAsync(request, either.Token).ConfigureAwait(false);
            if (_response.StatusCode == HttpStatusCode.OK)
            {
                _lines = new(await _response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false));
                // A feed that does not say where it begins begins with a gap.
                Place = _response.Headers.TryGetValues(LastEventId, out IEnumerable<string>? begins) && FeedPlace.TryParse(begins.First(), out FeedPlace start) ? start : after ?? default;
                return await ReadBlockAsync(either.Token).ConfigureAwait(false) is not null;
            }

            return _response.StatusCode == HttpStatusCode.ServiceUnavailable
                ? false
                : throw RemoteStore.Refusal(_response.StatusCode, await _response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false));
        }
        catch (Exception cause) when (IsLoss(cause, cancellationToken))
        {
            return false;
        }
    }

    // An event or a comment, whole; null at the end of the stream. Only then is its place behind us.
    private async Task<Block?> ReadBlockAsync(CancellationToken cancellationToken)
    {
        Block block = default;
        string? id = null;
        while (await _lines!.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.Length == 0)
            {
                Place = id is not null && FeedPlace.TryParse(id, out FeedPlace place) ? place : Place;
                return block;
            }

            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            string text = line[(colon + 2)..];
            switch (line[..Math.Max(colon, 0)])
            {
                case "event":
                    block = block with { Event = text };
                    break;
                case "data":
                    block = block with { Data = text };
                    break;
                case "id":
                    id = text;
                    break;
                default:
                    // A comment, or a field that a later version adds.
                    break;
            }
        }

        return null;
    }

    private static RawChange Parse(string kind, string data)
    {
        using JsonDocument json = JsonDocument.Parse(data);
        bool isLast = json.RootElement.TryGetProperty("last"u8, out _);
        return kind switch
        {
            "put" => new(ChangeKind.Put, Bytes("key"), Bytes("value"), IsLast: isLast),
            "del" => new(ChangeKind.Delete, Bytes("key"), [], IsLast: isLast),
            "clear" => RawChange.Clear(Bytes("from"), Bytes("to"), isLast),
            // Whatever a later version may tell besides, something was missed by who does not know it.
            _ => RawChange.Gap,
        };

        byte[] Bytes(string member) => json.RootElement.GetProperty(member).GetBytesFromBase64();
    }

    private static string Target(RangeBounds bounds)
    {
        (string Name, byte[]? Key)[] given = [("gt", bounds.Gt), ("gte", bounds.Gte), ("lt", bounds.Lt), ("lte", bounds.Lte), ("prefix", bounds.Prefix)];
        IEnumerable<string> keys = given.Where(bound => bound.Key is not null).Select(bound => $"&{bound.Name}={Uri.EscapeDataString(Convert.ToBase64String(bound.Key!))}");
        return $"{Routes.Changes}?keyEncoding={Encoding}&valueEncoding={Encoding}{string.Concat(keys)}";
    }

    private static bool IsLoss(Exception cause, CancellationToken asked) =>
        cause is HttpRequestException or IOException || (cause is OperationCanceledException && !asked.IsCancellationRequested);

    private readonly record struct Block(string? Event, string? Data);
}
