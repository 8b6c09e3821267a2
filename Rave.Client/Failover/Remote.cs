using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Rave.Client.Http;
using Rave.Server.Contracts;
using Rave.Server.Storage;

namespace Rave.Client.Failover;

// Operations as requests to whoever leads. The one place of the client that knows how bodies are written and read.
internal sealed partial class Remote(IRaveApi api, CancellationToken closing)
{
    // Keys stand in paths and queries as well as in documents: one encoding that is safe in all of them.
    private const TextEncoding KeyEncoding = TextEncoding.Base64Url;

    private static readonly string KeysInUrls = KeyEncoding.Name();

    // In doubt: an earlier leader had it too, and was lost. What a precondition says of a write that applies once says it of all attempts.
    internal static RaveException Refusal(HttpStatusCode status, ReadOnlySpan<byte> body, bool inDoubt = false, bool isOnce = false)
    {
        bool isRefusal = (int)status < 500;
        try
        {
            if (JsonSerializer.Deserialize(body, RaveJson.Default.Problem) is { Code: not null } problem)
            {
                bool mayBeApplied = MayBeApplied(problem.Code, inDoubt, isOnce);
                return new(problem.Code, problem.Detail + Consequence(mayBeApplied)) { IsRefusal = isRefusal && !mayBeApplied, MayHaveBeenApplied = mayBeApplied };
            }
        }
        catch (JsonException)
        {
            // Kestrel itself refused it, with a status and no body.
        }

        return new(ErrorCodes.InvalidRequest, $"The leader refused the request with status {(int)status}.") { IsRefusal = isRefusal && !inDoubt, MayHaveBeenApplied = inDoubt };
    }

    // The same of this process's own store, where it has come to lead.
    internal static RaveException Refusal(LevelException failure, bool inDoubt, bool isOnce)
    {
        bool mayBeApplied = MayBeApplied(failure.Code, inDoubt, isOnce);
        return new(failure.Code, failure.Message + Consequence(mayBeApplied), failure) { MayHaveBeenApplied = mayBeApplied || failure.MayHaveBeenApplied };
    }

    private static bool MayBeApplied(string code, bool inDoubt, bool isOnce) =>
        code == ErrorCodes.StaleRetry || (inDoubt && !(isOnce && code == ErrorCodes.PreconditionFailed));

    private static string Consequence(bool mayBeApplied) => mayBeApplied ? " An earlier attempt may have been applied." : "";

    internal static RaveException Closed(bool inDoubt = false) =>
        new(ErrorCodes.DatabaseNotOpen, $"The database is not open: this handle was closed.{(inDoubt ? " The write may have been applied." : "")}") { MayHaveBeenApplied = inDoubt };

    internal Task<Page> ReadPageAsync(Scan scan, string? continuation, int entries, CancellationToken cancellationToken)
    {
        string pageSize = entries.ToString(CultureInfo.InvariantCulture);
        return SendAsync(
            token => continuation is null
                ? api.EntriesAsync(
                    Key(scan.Bounds.Gt), Key(scan.Bounds.Gte), Key(scan.Bounds.Lt), Key(scan.Bounds.Lte), Key(scan.Bounds.Prefix),
                    Flag(scan.Reverse), Limit(scan), Unless(scan.Keys), Unless(scan.Values), scan.Snapshot, null, pageSize, KeysInUrls, token)
                : api.EntriesAsync(null, null, null, null, null, null, null, null, null, null, continuation, pageSize, KeysInUrls, token),
            (response, _) => Task.FromResult(Page(response)),
            cancellationToken);
    }

    internal Task<long> CountAsync(RangeBounds bounds, string? snapshot, CancellationToken cancellationToken) => SendAsync(
        token => api.CountAsync(Key(bounds.Gt), Key(bounds.Gte), Key(bounds.Lt), Key(bounds.Lte), Key(bounds.Prefix), snapshot, KeysInUrls, token),
        async (response, token) =>
        {
            byte[] answer = await response.Content.ReadAsByteArrayAsync(token).ConfigureAwait(false);
            return JsonSerializer.Deserialize(answer, RaveJson.Default.CountAnswer)!.Count;
        },
        cancellationToken);

    internal Task ClearAsync(Scan scan, bool sync, IdempotencyKey? once, CancellationToken cancellationToken) => SendAsync(
        token => api.ClearAsync(
            Empty(), Key(scan.Bounds.Gt), Key(scan.Bounds.Gte), Key(scan.Bounds.Lt), Key(scan.Bounds.Lte), Key(scan.Bounds.Prefix),
            Flag(scan.Reverse), Limit(scan), scan.Snapshot, "true", Flag(sync), KeysInUrls, once?.ToString(), token),
        cancellationToken,
        writes: true);

    internal Task<string> OpenSnapshotAsync(TimeSpan timeToLive, CancellationToken cancellationToken) => SendAsync(
        token => api.OpenSnapshotAsync(Empty(), ((long)Math.Ceiling(timeToLive.TotalSeconds)).ToString(CultureInfo.InvariantCulture), token),
        async (response, token) =>
        {
            byte[] answer = await response.Content.ReadAsByteArrayAsync(token).ConfigureAwait(false);
            return JsonSerializer.Deserialize(answer, RaveJson.Default.SnapshotAnswer)!.Id;
        },
        cancellationToken);

    internal Task EndSnapshotAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(token => api.EndSnapshotAsync(id, Empty(), token), cancellationToken);

    // While the handle closes: under a deadline of its own.
    internal async Task EndSessionAsync(string session, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await api.EndSessionAsync(session, Empty(), cancellationToken).ConfigureAwait(false);
    }

    internal Task<Status> StatusAsync(CancellationToken cancellationToken) => SendAsync(
        api.StatusAsync,
        async (response, token) =>
        {
            byte[] answer = await response.Content.ReadAsByteArrayAsync(token).ConfigureAwait(false);
            return JsonSerializer.Deserialize(answer, RaveJson.Default.Status)!;
        },
        cancellationToken);

    internal Task StepDownAsync(CancellationToken cancellationToken) => SendAsync(token => api.StepDownAsync(Empty(), token), cancellationToken);

    // A request with content is never resent behind our back, whatever handler sends it.
    private static ByteArrayContent Empty() => new([]);

    private static string? Key(byte[]? key) => key is null ? null : KeyEncoding.Encode(key);

    private static string? Flag(bool value) => value ? "true" : null;

    private static string? Unless(bool value) => value ? null : "false";

    private static string? Limit(Scan scan) => scan.Limit == Scan.Unlimited ? null : scan.Limit.ToString(CultureInfo.InvariantCulture);

    private Task<bool> SendAsync(Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancellationToken, bool writes = false) =>
        SendAsync(send, (_, _) => Task.FromResult(true), cancellationToken, writes: writes);

    private async Task<T> SendAsync<T>(
        Func<CancellationToken, Task<HttpResponseMessage>> send,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken,
        HttpStatusCode? expected = null,
        bool writes = false)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing);
        try
        {
            using HttpResponseMessage response = await send(either.Token).ConfigureAwait(false);
            if (response.IsSuccessStatusCode || response.StatusCode == expected)
            {
                return await read(response, either.Token).ConfigureAwait(false);
            }

            throw await RefusalAsync(response, either.Token).ConfigureAwait(false);
        }
        catch (LevelException failure)
        {
            throw RaveException.From(failure);
        }
        catch (OperationCanceledException cause) when (cancellationToken.IsCancellationRequested)
        {
            // With the token that the caller knows.
            throw new OperationCanceledException(cause.Message, cause, cancellationToken);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            // Whether it had left yet is not known here.
            throw Closed(inDoubt: writes);
        }
    }

    internal static async Task<RaveException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        Refusal(response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));

    private static Page Page(HttpResponseMessage response)
    {
        ThrowUnlessEntries(response);
        // The failover handler has put it there.
        return Failover.Page.Of(((PooledContent)response.Content).Take());
    }

    // A leader of another version answers in what it knows.
    internal static void ThrowUnlessEntries(HttpResponseMessage response)
    {
        string? type = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues types) ? types.ToString() : null;
        if (type != MediaTypes.Entries)
        {
            throw new RaveException(
                ErrorCodes.InvalidRequest,
                $"The leader answered in '{type}' where this process reads {MediaTypes.Entries}: it is of another version. Run the same version of RaveLevel in all processes.");
        }
    }
}
