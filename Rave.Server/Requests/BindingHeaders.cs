namespace Rave.Server.Requests;

// Headers that a sender relies on. A route that does not support one rejects the request instead of ignoring the header.
internal static class BindingHeaders
{
    private static readonly string[] Names =
    [
        Parameter.IfMatch.Name,
        Parameter.IfNoneMatch.Name,
        "If-Unmodified-Since",
        Parameter.IdempotencyKey.Name,
        "Content-Range",
    ];

    internal static void Check(IHeaderDictionary headers, RouteParameters known)
    {
        foreach (string name in Names)
        {
            if (headers.ContainsKey(name) && !known.InHeaders.Any(parameter => parameter.Name == name))
            {
                throw new RaveException(
                    ErrorCodes.InvalidRequest,
                    $"This path does not support the header '{name}'. Nothing was done. Send the request without it.");
            }
        }
    }
}
