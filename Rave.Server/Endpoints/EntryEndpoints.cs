using Microsoft.AspNetCore.Http.HttpResults;
using Rave.Server.Contracts;

namespace Rave.Server.Endpoints;

// One entry: /v1/kv/{key}, the value as the body.
internal static class EntryEndpoints
{
    internal static void MapEntry(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Routes.Entry, [HttpMethods.Get, HttpMethods.Head], Get).Takes(Parameter.KeyEncoding);
        routes.MapPut(Routes.Entry, Put).Takes(Parameter.KeyEncoding, Parameter.Sync);
        routes.MapDelete(Routes.Entry, Delete).Takes(Parameter.KeyEncoding, Parameter.Sync);
    }

    private static Results<ValueResult, ProblemResult> Get(RaveRequest request, ServedDatabase served)
    {
        byte[] key = request.Key();
        return served.Store.Get(key) is { } value ? new ValueResult(value) : Problems.NotFound(key);
    }

    private static async Task<NoContent> Put(RaveRequest request, HttpRequest http, ServedDatabase served, CancellationToken cancellationToken)
    {
        byte[] key = request.Key();
        bool sync = request.Query.Flag(Parameter.Sync, otherwise: false);
        using PooledBuffer value = await RequestBody.ReadAsync(http, cancellationToken);
        await served.Store.PutAsync(key, value.Written, sync);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> Delete(RaveRequest request, ServedDatabase served)
    {
        await served.Store.DelAsync(request.Key(), request.Query.Flag(Parameter.Sync, otherwise: false));
        return TypedResults.NoContent();
    }
}
