using Microsoft.AspNetCore.Http.HttpResults;
using Rave.Server.Contracts;
using Rave.Server.Storage;

namespace Rave.Server.Endpoints;

// Many entries at once: get-many, has-many and batch.
internal static class ManyEndpoints
{
    internal static void MapMany(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Routes.GetMany, GetMany).Takes(Parameter.KeyEncoding, Parameter.ValueEncoding, Parameter.Snapshot);
        routes.MapPost(Routes.HasMany, HasMany).Takes(Parameter.KeyEncoding, Parameter.Snapshot);
        routes.MapPost(Routes.Batch, Batch).Takes(Parameter.KeyEncoding, Parameter.ValueEncoding, Parameter.Sync);
    }

    private static async Task<BufferResult> GetMany(RaveRequest request, HttpRequest http, ServedDatabase served, CancellationToken cancellationToken)
    {
        TextEncoding valueEncoding = request.Query.ValueEncoding;
        List<byte[]> keys = await ReadKeysAsync(request, http, served, cancellationToken);
        PooledBuffer buffer = new();
        try
        {
            using EntriesJsonWriter json = new(buffer, request.Query.KeyEncoding, valueEncoding);
            served.Store.GetMany(keys, (key, value) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (value is null)
                {
                    json.WriteMissing();
                }
                else
                {
                    json.WriteEntry(key, value);
                }
            }, request.Query.Text(Parameter.Snapshot));
            json.End();
            return new(buffer, MediaTypes.Json);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static async Task<JsonHttpResult<HasManyAnswer>> HasMany(RaveRequest request, HttpRequest http, ServedDatabase served, CancellationToken cancellationToken)
    {
        List<byte[]> keys = await ReadKeysAsync(request, http, served, cancellationToken);
        return TypedResults.Json(new HasManyAnswer(served.Store.HasMany(keys, request.Query.Text(Parameter.Snapshot))), RaveJson.Legible.HasManyAnswer);
    }

    private static async Task<NoContent> Batch(RaveRequest request, HttpRequest http, ServedDatabase served, CancellationToken cancellationToken)
    {
        Query query = request.Query;
        bool sync = query.Flag(Parameter.Sync, otherwise: false);
        using WriteBatch batch = new(served.Store.Limits);
        using (PooledBuffer body = await RequestBody.ReadJsonAsync(http, cancellationToken))
        {
            Fill(batch, body.Written.Span, query.KeyEncoding, query.ValueEncoding);
        }

        await served.Store.WriteAsync(batch, sync);
        return TypedResults.NoContent();
    }

    private static void Fill(WriteBatch batch, ReadOnlySpan<byte> body, TextEncoding keyEncoding, TextEncoding valueEncoding)
    {
        BatchJsonReader operations = new(body, keyEncoding, valueEncoding, takesChecks: true);
        try
        {
            while (operations.Read())
            {
                switch (operations.Type)
                {
                    case OperationType.Put:
                        batch.Put(operations.Key, operations.Value);
                        break;
                    case OperationType.Del:
                        batch.Del(operations.Key);
                        break;
                    default:
                        batch.Check(operations.Key, operations.Precondition!);
                        break;
                }
            }
        }
        finally
        {
            operations.Dispose();
        }
    }

    private static async ValueTask<List<byte[]>> ReadKeysAsync(RaveRequest request, HttpRequest http, ServedDatabase served, CancellationToken cancellationToken)
    {
        TextEncoding encoding = request.Query.KeyEncoding;
        using PooledBuffer body = await RequestBody.ReadJsonAsync(http, cancellationToken);
        return KeysJsonReader.Read(body.Written.Span, encoding, served.Store.Limits.BatchOperations);
    }
}
