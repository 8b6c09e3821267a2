namespace Rave.Server.Requests;

// Headers whose sender relies on their being obeyed: a route that does not take one refuses it, never ignores it.
internal static class BindingHeaders
{
    private static readonly string[] Names = [Parameter.IfMatch.Name, Parameter.IfNoneMatch.Name, "If-Unmodified-Since", Parameter.IdempotencyKey.Name, "Content-Range"];

    internal static void Check(IHeaderDictionary headers, RouteParameters known)
    {
        foreach (string name in Names)
        {
            if (headers.ContainsKey(name) && !known.InHeaders.Any(parameter => parameter.Name == name))
            {
                throw new RaveException(ErrorCodes.InvalidRequest, $"The header '{name}' is not known here, and who sends it relies on it: nothing was done.");
            }
        }
    }
}
