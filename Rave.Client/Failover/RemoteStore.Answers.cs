using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Failover;

// Answers and failures of requests. The failover handler has read every answer completely.
internal sealed partial class RemoteStore
{
    internal static RaveException Closed(bool inDoubt = false)
    {
        string message = "The database is not open: this handle was closed." + (inDoubt ? " The write may have been applied." : "");
        return new(ErrorCodes.DatabaseNotOpen, message) { MayHaveBeenApplied = inDoubt };
    }

    // In doubt: an earlier leader had the request and was lost. But if a precondition of a write that applies once fails, no attempt was
    // applied.
    internal static RaveException Refusal(HttpStatusCode status, ReadOnlySpan<byte> body, bool inDoubt = false, bool isOnce = false)
    {
        Problem? problem = null;
        try
        {
            problem = JsonSerializer.Deserialize(body, RaveJson.Default.Problem);
        }
        catch (JsonException)
        {
            // Kestrel itself refused the request, with a status and no body.
        }

        string code = problem?.Code ?? ErrorCodes.InvalidRequest;
        string message = problem?.Code is null ? $"The leader refused the request with status {(int)status}." : problem.Detail;
        bool mayBeApplied = MayBeApplied(code, inDoubt, isOnce);
        bool isInPart = problem?.Deleted is not null;
        return new(code, message + Consequence(mayBeApplied))
        {
            IsRefusal = (int)status < 500 && !mayBeApplied && !isInPart,
            MayHaveBeenApplied = mayBeApplied || isInPart,
        };
    }

    // The same for a refusal of this process's own store, after it has become the leader.
    internal static RaveException Refusal(RaveException failure, bool inDoubt, bool isOnce)
    {
        bool mayBeApplied = MayBeApplied(failure.Code, inDoubt, isOnce);
        return new(failure.Code, failure.Message + Consequence(mayBeApplied), failure)
        {
            MayHaveBeenApplied = mayBeApplied || failure.MayHaveBeenApplied,
        };
    }

    private static bool MayBeApplied(string code, bool inDoubt, bool isOnce) =>
        code == ErrorCodes.StaleRetry || (inDoubt && !(isOnce && code == ErrorCodes.PreconditionFailed));

    private static string Consequence(bool mayBeApplied) => mayBeApplied ? " An earlier attempt may have been applied." : "";

    // Sends a request of an open handle. It ends when the handle closes.
    private async ValueTask<T> RunAsync<T>(
        Attempts attempts, Func<Attempts, CancellationToken, Task<HttpResponseMessage>> send, Func<HttpResponseMessage, T> read,
        CancellationToken cancellationToken, bool isOnce = false, bool changesData = false, HttpStatusCode? expected = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing);
        try
        {
            return await SendAsync(attempts, send(attempts, either.Token), read, isOnce, expected).ConfigureAwait(false);
        }
        catch (OperationCanceledException cause) when (cancellationToken.IsCancellationRequested)
        {
            // With the caller's token.
            throw new OperationCanceledException(cause.Message, cause, cancellationToken);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            // It may have been sent.
            throw Closed(inDoubt: changesData);
        }
    }

    private static async ValueTask<T> SendAsync<T>(
        Attempts attempts, Task<HttpResponseMessage> sending, Func<HttpResponseMessage, T> read, bool isOnce = false,
        HttpStatusCode? expected = null)
    {
        using HttpResponseMessage response = await sending.ConfigureAwait(false);
        bool inDoubt = !attempts.Reads && attempts.LeadersLost > 0;
        return response.IsSuccessStatusCode || response.StatusCode == expected
            ? read(response)
            : throw Refusal(response.StatusCode, BodyOf(response), inDoubt, isOnce);
    }

    private static bool Done(HttpResponseMessage response) => true;

    private static ReadOnlySpan<byte> BodyOf(HttpResponseMessage response) => ((PooledContent)response.Content).Body.WrittenSpan;

    private static T Json<T>(HttpResponseMessage response, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(BodyOf(response), type)!;

    // A leader of another version may answer with another type.
    private static PooledBuffer TakeEntries(HttpResponseMessage response)
    {
        HttpHeadersNonValidated headers = response.Content.Headers.NonValidated;
        string? type = headers.TryGetValues("Content-Type", out HeaderStringValues types) ? types.ToString() : null;
        return type == MediaTypes.Entries
            ? ((PooledContent)response.Content).Take()
            : throw new RaveException(
                ErrorCodes.InvalidRequest,
                $"The leader answered with '{type}' instead of {MediaTypes.Entries}. Run the same version of RaveLevel in all processes.");
    }

    // Checks the whole page before the first entry is delivered.
    private static Page TakePage(HttpResponseMessage response, Scan scan)
    {
        PooledBuffer answer = TakeEntries(response);
        try
        {
            int count = 0;
            int end = 0;
            ReadOnlySpan<byte> lastKey = default;
            EntriesBinaryReader reader = new(answer.WrittenSpan);
            while (reader.Read())
            {
                count += reader.Found ? 1 : throw EntriesBinaryReader.Malformed();
                end = answer.Length - reader.Left;
                lastKey = reader.Key;
            }

            Scan? next = reader.Continuation is null ? null : scan.After(lastKey, count);
            answer.Truncate(end);
            return new(answer, count, next);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }
}
