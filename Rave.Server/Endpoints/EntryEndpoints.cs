using System.Buffers;
using Microsoft.AspNetCore.Http.HttpResults;
using Rave.Server.Protocol;
using Rave.Server.Requests;
using Rave.Server.Results;
using Rave.Server.Serving;
using Rave.Server.Storage;

namespace Rave.Server.Endpoints;

// One entry: /v1/kv/{key}. The body is the value.
internal static class EntryEndpoints
{
    internal static void MapEntry(this IEndpointRouteBuilder routes)
    {
        Parameter[] ofWrites = [Parameter.KeyEncoding, Parameter.Sync, Parameter.IdempotencyKey, .. Parameter.Preconditions];
        routes.MapMethods(Routes.Entry, [HttpMethods.Get, HttpMethods.Head], Get)
            .AllowParameters([Parameter.KeyEncoding, Parameter.Snapshot, .. Parameter.Preconditions]);
        routes.MapPut(Routes.Entry, Put).AllowParameters(ofWrites);
        routes.MapDelete(Routes.Entry, Delete).AllowParameters(ofWrites);
    }

    private static async Task<Results<ValueResult, NotModifiedResult, ProblemResult>> Get(
        RaveRequest request, HttpRequest http, ServedDatabase served, CancellationToken cancellationToken)
    {
        byte[] key = request.Key();
        Preconditions preconditions = Preconditions.Read(http.Headers);
        string? snapshot = request.Query.Text(Parameter.Snapshot);
        PooledBuffer? value = await served.Store.GetAsync(key, snapshot, ValueCopy.Reader, cancellationToken);
        bool isKept = false;
        try
        {
            string? etag = value is null ? null : ETag.Of(value.WrittenSpan);
            if (preconditions.IfMatch?.Holds(etag) == false)
            {
                return Problems.From(Precondition.Failed(key));
            }

            if (value is null || etag is null)
            {
                return Problems.NotFound(key);
            }

            isKept = preconditions.IfNoneMatch?.Holds(etag) != false;
            return isKept ? new ValueResult(value, etag) : new NotModifiedResult(etag);
        }
        finally
        {
            if (!isKept)
            {
                value?.Dispose();
            }
        }
    }

    private static async Task<NoContent> Put(
        RaveRequest request, HttpContext http, ServedDatabase served, CancellationToken cancellationToken)
    {
        byte[] key = request.Key();
        bool sync = request.Query.Flag(Parameter.Sync, otherwise: false);
        Preconditions preconditions = Preconditions.Read(http.Request.Headers);
        using HeldBody value = await RequestBody.ReadAsync(http.Request, served, cancellationToken);
        string etag = ETag.Of(value.Written.Span);
        Once? once = request.OnceWith(etag);
        using OperationBatch batch = Checks(key, preconditions, served);
        batch.Put(key, value.Written.Span);
        await served.Store.WriteAsync(batch.Operations, sync, once, cancellationToken);
        http.Response.Headers.ETag = once is null ? etag : once.ETag;
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> Delete(
        RaveRequest request, HttpRequest http, ServedDatabase served, CancellationToken cancellationToken)
    {
        byte[] key = request.Key();
        bool sync = request.Query.Flag(Parameter.Sync, otherwise: false);
        using OperationBatch batch = Checks(key, Preconditions.Read(http.Headers), served);
        batch.Delete(key);
        await served.Store.WriteAsync(batch.Operations, sync, request.OnceWith(etag: null), cancellationToken);
        return TypedResults.NoContent();
    }

    private static OperationBatch Checks(byte[] key, Preconditions preconditions, ServedDatabase served)
    {
        OperationBatch batch = new(served.Store.Limits);
        foreach (Precondition precondition in preconditions.All)
        {
            batch.Check(key, precondition);
        }

        return batch;
    }

    // Null if there is no entry.
    private sealed class ValueCopy : ValueReader<PooledBuffer?>
    {
        internal static readonly ValueCopy Reader = new();

        internal override PooledBuffer? Read(bool found, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
        {
            if (!found)
            {
                return null;
            }

            PooledBuffer copy = new(value.Length);
            copy.Write(value);
            return copy;
        }
    }
}
