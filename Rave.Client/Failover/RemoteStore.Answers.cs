using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Failover;

// How requests end. The failover handler has read every answer whole.
internal sealed partial class RemoteStore
{
    internal static RaveException Closed(bool inDoubt = false) =>
        new(ErrorCodes.DatabaseNotOpen, $"The database is not open: this handle was closed.{(inDoubt ? " The write may have been applied." : "")}") { MayHaveBeenApplied = inDoubt };

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
    internal static RaveException Refusal(RaveException failure, bool inDoubt, bool isOnce)
    {
        bool mayBeApplied = MayBeApplied(failure.Code, inDoubt, isOnce);
        return new(failure.Code, failure.Message + Consequence(mayBeApplied), failure) { MayHaveBeenApplied = mayBeApplied || failure.MayHaveBeenApplied };
    }

    private static bool MayBeApplied(string code, bool inDoubt, bool isOnce) =>
        code == ErrorCodes.StaleRetry || (inDoubt && !(isOnce && code == ErrorCodes.PreconditionFailed));

    private static string Consequence(bool mayBeApplied) => mayBeApplied ? " An earlier attempt may have been applied." : "";

    private static async ValueTask<T> SendAsync<T>(
        Attempts attempts, Task<HttpResponseMessage> sending, Func<HttpResponseMessage, T> read, bool isOnce = false, HttpStatusCode? expected = null)
    {
        using HttpResponseMessage response = await sending.ConfigureAwait(false);
        return response.IsSuccessStatusCode || response.StatusCode == expected
            ? read(response)
            : throw Refusal(response.StatusCode, ((PooledContent)response.Content).Body.WrittenSpan, inDoubt: !attempts.Reads && attempts.Lost > 0, isOnce);
    }

    // An operation of an open handle: ended when it closes.
    private async ValueTask<T> OpenAsync<T>(Func<CancellationToken, ValueTask<T>> send, CancellationToken cancellationToken, bool writes = false)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing);
        try
        {
            return await send(either.Token).ConfigureAwait(false);
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

    private static bool Done(HttpResponseMessage response) => true;

    private static T Json<T>(HttpResponseMessage response, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(((PooledContent)response.Content).Body.WrittenSpan, type)!;

    // A leader of another version answers in what it knows.
    private static PooledBuffer TakeEntries(HttpResponseMessage response)
    {
        string? type = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues types) ? types.ToString() : null;
        return type == MediaTypes.Entries
            ? ((PooledContent)response.Content).Take()
            : throw new RaveException(
                ErrorCodes.InvalidRequest,
                $"The leader answered in '{type}' where this process reads {MediaTypes.Entries}: it is of another version. Run the same version of RaveLevel in all processes.");
    }

    // All of it is looked at before the first entry is delivered.
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
