using Rave.Server.Protocol;

namespace Rave.Server.Engine;

// A write that is applied once, however often it is sent; and what the writer found about it.
internal sealed class SessionWrite(IdempotencyKey key)
{
    internal IdempotencyKey Key => key;

    // What the write answers; what it answered, when it was applied before.
    internal string? ETag { get; set; }

    // For a chunk of a clear: where the one before it ended, null for the first.
    internal ClearPlace? From { get; init; }

    // For a chunk of a clear: where it ends itself, null for the last, and for every other write.
    internal ClearPlace? Then { get; set; }

    internal bool IsClear { get; init; }

    internal SessionVerdict Verdict { get; set; }
}
