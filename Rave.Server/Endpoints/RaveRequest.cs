using Microsoft.AspNetCore.Http.Features;
using Rave.Server.Contracts;

namespace Rave.Server.Endpoints;

// What was read from a request's target before its handler runs. Handlers take it as a parameter.
internal sealed class RaveRequest(RequestTarget target)
{
    internal RequestTarget Target => target;

    internal Query Query { get; set; } = Query.Empty;

    // Minimal APIs call this to fill a handler's parameter.
    public static ValueTask<RaveRequest?> BindAsync(HttpContext context) => new(context.Features.GetRequiredFeature<RaveRequest>());

    // The key of /v1/kv/{key}: everything behind the prefix, percent-decoded once, then in the key encoding.
    internal byte[] Key()
    {
        byte[] text = PercentEncoding.Decode(target.Path.AsSpan(RouteTable.Prefix(Routes.Entry).Length), plusIsSpace: false);
        return Query.KeyEncoding.TryDecode(text, text, out int length)
            ? text.AsSpan(0, length).ToArray()
            : throw new LevelException(ErrorCodes.InvalidKey, $"The key in the path is not valid {Query.KeyEncoding.Name()} in its one canonical spelling.");
    }
}
