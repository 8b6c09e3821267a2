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
        routes.MapPost(Routes.Batch, Batch).Takes(Parameter.KeyEncoding, Parameter.ValueEncoding, Parameter.Sync, Parameter.IdempotencyKey);
    }

    private static async Task<BufferResult> GetMany(RaveRequest request, HttpRequest http, ServedDatabase served, CancellationToken cancellationToken)
    {
        Query query = request.Query;
        bool binary = AcceptHeader.Choose(http, MediaTypes.Json, MediaTypes.Entries) == MediaTypes.Entries;
        bool operations = RequestBody.IsOperations(http);
        using HeldBody body = await RequestBody.ReadAsync(http, served, cancellationToken);
        PooledBuffer buffer = new();
        try
        {
            using EntriesWriter entries = new(buffer, query, binary);
            if (operations)
            {
                Read(served.Store, body.Written.Span, entries, query.Text(Parameter.Snapshot), cancellationToken);
            }
            else
            {
                List<byte[]> keys = KeysJsonReader.Read(body.Written.Span, query.KeyEncoding, served.Store.Limits.BatchOperations);
                using MomentReader moment = served.Store.ReadMoment(keys.Count, query.Text(Parameter.Snapshot));
                keys.ForEach(key => Read(moment, key, entries, cancellationToken));
            }

            entries.End();
            return new(buffer, entries.MediaType);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static void Read(Store store, ReadOnlySpan<byte> body, EntriesWriter entries, string? snapshot, CancellationToken cancellationToken)
    {
        int count = 0;
        OperationsBinaryReader keys = new(body);
        while (keys.ReadKey())
        {
            count++;
        }

        if (count > store.Limits.BatchOperations)
        {
            throw KeysJsonReader.TooMany(store.Limits.BatchOperations);
        }

        using MomentReader moment = store.ReadMoment(count, snapshot);
        keys = new(body);
        while (keys.ReadKey())
        {
            if (keys.Type == OperationType.Get)
            {
                Read(moment, keys.Key, entries, cancellationToken);
            }
            else if (moment.Has(keys.Key))
            {
                entries.WriteFound(keys.Key);
            }
            else
            {
                entries.WriteMissing();
            }
        }
    }

    private static void Read(MomentReader moment, ReadOnlySpan<byte> key, EntriesWriter entries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (moment.TryRead(key, out ReadOnlySpan<byte> value))
        {
            entries.WriteFound(key, value);
        }
        else
        {
            entries.WriteMissing();
        }
    }

    private static async Task<JsonHttpResult<HasManyAnswer>> HasMany(RaveRequest request, HttpRequest http, ServedDatabase served, CancellationToken cancellationToken)
    {
        List<byte[]> keys = await ReadKeysAsync(request, http, served, cancellationToken);
        return TypedResults.Json(new HasManyAnswer(served.Store.HasMany(keys, request.Query.Text(Parameter.Snapshot))), RaveJson.Legible.HasManyAnswer, MediaTypes.Json);
    }

    private static async Task<NoContent> Batch(RaveRequest request, HttpRequest http, ServedDatabase served, CancellationToken cancellationToken)
    {
        Query query = request.Query;
        bool sync = query.Flag(Parameter.Sync, otherwise: false);
        using WriteBatch batch = new(served.Store.Limits) { Session = request.SessionWrite() };
        bool operations = RequestBody.IsOperations(http);
        using (HeldBody body = await RequestBody.ReadAsync(http, served, cancellationToken))
        {
            if (operations)
            {
                batch.Add(body.Written.Span);
            }
            else
            {
                Fill(batch, body.Written.Span, query.KeyEncoding, query.ValueEncoding);
            }
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
        using HeldBody body = await RequestBody.ReadJsonAsync(http, served, cancellationToken);
        return KeysJsonReader.Read(body.Written.Span, encoding, served.Store.Limits.BatchOperations);
    }
}
