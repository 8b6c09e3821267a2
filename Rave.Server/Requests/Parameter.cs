namespace Rave.Server.Requests;

// A query parameter or header that a route supports. A parameter that is not in the list of its route is rejected.
internal sealed record Parameter(string Name, string Description, bool InHeader = false)
{
    internal static readonly Parameter KeyEncoding = 
        new("keyEncoding", "How keys are written as text: utf8 (default), hex, base64 or base64url.");
    internal static readonly Parameter ValueEncoding = 
        new("valueEncoding", "How values are written as text: utf8 (default), hex, base64, base64url or json.");
    internal static readonly Parameter Sync = new("sync", "true returns after fsync.");
    internal static readonly Parameter Gt = new("gt", "Only keys after this one.");
    internal static readonly Parameter Gte = new("gte", "Only this key and keys after it.");
    internal static readonly Parameter Lt = new("lt", "Only keys before this one.");
    internal static readonly Parameter Lte = new("lte", "Only this key and keys before it.");
    internal static readonly Parameter Prefix = new("prefix", "Only keys that begin with this.");
    internal static readonly Parameter Reverse = new("reverse", "true walks from the last key to the first.");
    internal static readonly Parameter Limit = new("limit", "The maximum number of entries of the whole scan; -1 for no limit (default).");
    internal static readonly Parameter PageSize = new("pageSize", "The maximum number of entries of one page, at least 1.");
    internal static readonly Parameter Keys = new("keys", "false leaves the keys out.");
    internal static readonly Parameter Values = new("values", "false leaves the values out.");
    internal static readonly Parameter ETags = new("etags", "true adds the ETag of each value.");
    internal static readonly Parameter Continuation = new("continuation", "Where an earlier page ended.");
    internal static readonly Parameter All = new("all", "true clears the whole database.");
    internal static readonly Parameter Snapshot = new("snapshot", "Reads from this snapshot, and renews it.");
    internal static readonly Parameter TimeToLive = new("ttl", "Seconds that it stays open while unused: 1 to 3600, by default 60.");

    internal static readonly Parameter Start = new("start", "The first key; if omitted, from the beginning.");
    internal static readonly Parameter End = new("end", "The last key; if omitted, to the end.");

    internal static readonly Parameter IfMatch = 
        new("If-Match", "Only if the value has one of these ETags; * for any value.", InHeader: true);
    internal static readonly Parameter IfNoneMatch = 
        new("If-None-Match", "Only if the value has none of these ETags; * for no value.", InHeader: true);

    internal static readonly Parameter IdempotencyKey = new(
        Protocol.IdempotencyKey.Header,
        "<session>;<n>: a write that is sent again with the same key is applied once and gets the same answer.",
        InHeader: true);

    internal static readonly Parameter LastEventId = new("Last-Event-ID", "Continues after this event.", InHeader: true);

    internal static readonly Parameter[] Range = [Gt, Gte, Lt, Lte, Prefix, KeyEncoding];
    internal static readonly Parameter[] Preconditions = [IfMatch, IfNoneMatch];
}

// Endpoint metadata: the parameters of a route.
internal sealed record RouteParameters(IReadOnlyList<Parameter> Parameters)
{
    internal IReadOnlyList<Parameter> InQuery { get; } = [.. Parameters.Where(parameter => !parameter.InHeader)];

    internal IReadOnlyList<Parameter> InHeaders { get; } = [.. Parameters.Where(parameter => parameter.InHeader)];
}
