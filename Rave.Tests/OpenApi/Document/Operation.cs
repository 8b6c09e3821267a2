namespace Rave.Tests.OpenApi.Document;

// The description of one route and method, without its parameters, which come from the route itself.
internal sealed record Operation(string Method, string Pattern, string Id, string Summary, params IReadOnlyList<Reply> Replies)
{
    // Under which heading it stands.
    internal string Family { get; init; } = "";

    internal string? Description { get; init; }

    // The last part of the path.
    internal PathPart? Part { get; init; }

    internal Body? Request { get; init; }
}

internal sealed record PathPart(string Name, string Description, string Example);

// A body's media type, the name of its schema among the document's (null: text or bytes as they are), and an example as it stands on the
// wire.
internal sealed record Body(string MediaType, string? Schema, string Example);

// One status: with a body and headers, or with the codes of the problems that it tells.
internal sealed record Reply(int Status, string Description)
{
    internal Body? Body { get; init; }

    internal IReadOnlyList<ReplyHeader> Headers { get; init; } = [];

    internal IReadOnlyList<string> Codes { get; init; } = [];

    internal static Reply Problem(int status, params string[] codes) => new(status, string.Join(", ", codes)) { Codes = codes };
}

internal sealed record ReplyHeader(string Name, string Description, string Example);
