using Microsoft.AspNetCore.Http.HttpResults;
using Rave.Server.Contracts;
using Rave.Server.Storage;

namespace Rave.Server.Endpoints;

// One entry: /v1/kv/{key}, the value as the body.
internal static class EntryEndpoints
{
    internal static void MapEntry(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Routes.Entry, [HttpMethods.Get, HttpMethods.Head], Get).Takes([Parameter.KeyEncoding, Parameter.Snapshot, .. Parameter.Preconditions]);
        routes.MapPut(Routes.Entry, Put).Takes([Parameter.KeyEncoding, Parameter.Sync, Parameter.IdempotencyKey, .. Parameter.Preconditions]);
        routes.MapDelete(Routes.Entry, Delete).Takes([Parameter.KeyEncoding, Parameter.Sync, Parameter.IdempotencyKey, .. Parameter.Preconditions]);
    }

    private static Results<ValueResult, NotModifiedResult, ProblemResult> Get(RaveRequest request, HttpRequest http, ServedDatabase served)
    {
        byte[] key = request.Key();
        Preconditions asked = Preconditions.Read(http.Headers);
        byte[]? value = served.Store.Get(key, request.Query.Text(Parameter.Snapshot));
        string? etag = value is null ? null : ETag.Of(value);
        if (asked.IfMatch?.Holds(etag) == false)
        {
            return Problems.From(Precondition.Failed(key));
        }

        if (value is null)
        {
            return Problems.NotFound(key);
        }

        return asked.IfNoneMatch?.Holds(etag) == false ? new NotModifiedResult(etag!) : new ValueResult(value, etag!);
    }

    private static async Task<NoContent> Put(RaveRequest request, HttpContext http, ServedDatabase served, CancellationToken cancellationToken)
    {
        byte[] key = request.Key();
        bool sync = request.Query.Flag(Parameter.Sync, otherwise: false);
        Preconditions asked = Preconditions.Read(http.Request.Headers);
        using HeldBody value = await RequestBody.ReadAsync(http.Request, served, cancellationToken);
        string etag = ETag.Of(value.Written.Span);
        SessionWrite? session = request.SessionWrite(etag);
        await served.Store.PutAsync(key, value.Written, sync, session, asked.All);
        http.Response.Headers.ETag = session is null ? etag : session.ETag;
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> Delete(RaveRequest request, HttpRequest http, ServedDatabase served)
    {
        bool sync = request.Query.Flag(Parameter.Sync, otherwise: false);
        await served.Store.DelAsync(request.Key(), sync, request.SessionWrite(), Preconditions.Read(http.Headers).All);
        return TypedResults.NoContent();
    }
}
