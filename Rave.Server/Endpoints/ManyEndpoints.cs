using System.Buffers;
using Microsoft.AspNetCore.Http.HttpResults;
using Rave.Server.Protocol;
using Rave.Server.Requests;
using Rave.Server.Results;
using Rave.Server.Serving;
using Rave.Server.Storage;

namespace Rave.Server.Endpoints;

// Many entries at once: get-many, has-many and batch.
internal static class ManyEndpoints
{
    internal static void MapMany(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Routes.GetMany, GetMany).AllowParameters(Parameter.KeyEncoding, Parameter.ValueEncoding, Parameter.Snapshot);
        routes.MapPost(Routes.HasMany, HasMany).AllowParameters(Parameter.KeyEncoding, Parameter.Snapshot);
        routes.MapPost(Routes.Batch, Batch)
            .AllowParameters(Parameter.KeyEncoding, Parameter.ValueEncoding, Parameter.Sync, Parameter.IdempotencyKey);
    }

    private static async Task<BufferResult> GetMany(
        RaveRequest request, HttpRequest http, ServedDatabase served, CancellationToken cancellationToken)
    {
        Query query = request.Query;
        bool binary = AcceptHeader.Choose(http, MediaTypes.Json, MediaTypes.Entries) == MediaTypes.Entries;
        bool operations = RequestBody.IsOperations(http);
        using HeldBody body = await RequestBody.ReadAsync(http, served, cancellationToken);
        using PooledBuffer? keys = operations ? null : Operations(Keys(body, query, served), OperationsBinaryWriter.Get);
        ReadOnlyMemory<byte> requested = keys?.Written ?? body.Written;
        PooledBuffer answer = await served.Store.ReadManyAsync(requested, query.Text(Parameter.Snapshot), cancellationToken);
        return binary ? new(answer, MediaTypes.Entries) : ToJson(answer, requested.Span, query);
    }

    private static BufferResult ToJson(PooledBuffer answer, ReadOnlySpan<byte> requested, Query query)
    {
        using PooledBuffer entries = answer;
        PooledBuffer text = new(answer.Length);
        try
        {
            using EntriesJsonWriter json = new(text, query.KeyEncoding, query.ValueEncoding);
            OperationsBinaryReader keys = new(requested);
            EntriesBinaryReader found = new(entries.WrittenSpan);
            while (keys.Read() && found.Read())
            {
                if (found.Found)
                {
                    json.WriteEntry(keys.Key, found.Value, withValue: keys.Type == OperationType.Get);
                }
                else
                {
                    json.WriteMissing();
                }
            }

            json.End();
            return new(text, MediaTypes.Json);
        }
        catch
        {
            text.Dispose();
            throw;
        }
    }

    private static async Task<JsonHttpResult<HasManyAnswer>> HasMany(
        RaveRequest request, HttpRequest http, ServedDatabase served, CancellationToken cancellationToken)
    {
        using HeldBody body = await RequestBody.ReadJsonAsync(http, served, cancellationToken);
        List<byte[]> keys = Keys(body, request.Query, served);
        string? snapshot = request.Query.Text(Parameter.Snapshot);
        using PooledBuffer operations = Operations(keys, OperationsBinaryWriter.Has);
        using PooledBuffer answer = await served.Store.ReadManyAsync(operations.Written, snapshot, cancellationToken);
        HasManyAnswer found = new(EntriesBinaryReader.ReadFound(answer.WrittenSpan, keys.Count));
        return TypedResults.Json(found, RaveJson.Legible.HasManyAnswer, MediaTypes.Json);
    }

    private static List<byte[]> Keys(HeldBody body, Query query, ServedDatabase served) =>
        KeysJsonReader.Read(body.Written.Span, query.KeyEncoding, served.Store.Limits.GetManyKeys);

    private static PooledBuffer Operations(List<byte[]> keys, Action<IBufferWriter<byte>, ReadOnlySpan<byte>> write)
    {
        PooledBuffer operations = new();
        keys.ForEach(key => write(operations, key));
        return operations;
    }

    private static async Task<NoContent> Batch(
        RaveRequest request, HttpRequest http, ServedDatabase served, CancellationToken cancellationToken)
    {
        Query query = request.Query;
        bool sync = query.Flag(Parameter.Sync, otherwise: false);
        bool operations = RequestBody.IsOperations(http);
        using HeldBody body = await RequestBody.ReadAsync(http, served, cancellationToken);
        using OperationBatch? batch = operations ? null : Gather(body.Written.Span, query, served.Store.Limits);
        await served.Store.WriteAsync(batch?.Operations ?? body.Written, sync, request.OnceWith(etag: null), cancellationToken);
        return TypedResults.NoContent();
    }

    private static OperationBatch Gather(ReadOnlySpan<byte> body, Query query, Limits limits)
    {
        OperationBatch batch = new(limits);
        BatchJsonReader operations = new(body, query.KeyEncoding, query.ValueEncoding, takesChecks: true);
        try
        {
            while (operations.Read())
            {
                switch (operations.Type)
                {
                    case OperationType.Put:
                        batch.Put(operations.Key, operations.Value);
                        break;
                    case OperationType.Delete:
                        batch.Delete(operations.Key);
                        break;
                    default:
                        batch.Check(operations.Key, operations.Precondition!);
                        break;
                }
            }

            return batch;
        }
        catch
        {
            batch.Dispose();
            throw;
        }
        finally
        {
            operations.Dispose();
        }
    }
}
