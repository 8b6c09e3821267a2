namespace Rave.Server.Endpoints;

// A query parameter that a route takes. The routes' lists of these are the one table: what is not in it is refused.
internal sealed record Parameter(string Name, string Description)
{
    internal static readonly Parameter KeyEncoding = new("keyEncoding", "How keys stand in text: utf8 (default), hex, base64 or base64url.");
    internal static readonly Parameter ValueEncoding = new("valueEncoding", "How values stand in text: utf8 (default), hex, base64, base64url or json.");
    internal static readonly Parameter Sync = new("sync", "true returns after fsync.");
    internal static readonly Parameter Gt = new("gt", "Only keys after this one.");
    internal static readonly Parameter Gte = new("gte", "Only this key and those after it.");
    internal static readonly Parameter Lt = new("lt", "Only keys before this one.");
    internal static readonly Parameter Lte = new("lte", "Only this key and those before it.");
    internal static readonly Parameter Prefix = new("prefix", "Only keys that begin with this.");
    internal static readonly Parameter Reverse = new("reverse", "true walks from the last key to the first.");
    internal static readonly Parameter Limit = new("limit", "Entries of the whole scan; -1 for no limit (default).");
    internal static readonly Parameter PageSize = new("pageSize", "Entries of one page, at least 1.");
    internal static readonly Parameter Keys = new("keys", "false leaves the keys out.");
    internal static readonly Parameter Values = new("values", "false leaves the values out.");
    internal static readonly Parameter Continuation = new("continuation", "Where an earlier page ended.");
    internal static readonly Parameter All = new("all", "true clears the whole database.");

    internal static readonly Parameter[] Range = [Gt, Gte, Lt, Lte, Prefix, KeyEncoding];
}

// Endpoint metadata: the parameters of a route.
internal sealed record RouteParameters(IReadOnlyList<Parameter> Parameters);
