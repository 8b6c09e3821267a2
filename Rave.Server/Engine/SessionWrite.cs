using Rave.Server.Protocol;

namespace Rave.Server.Engine;

// A write that is applied once, even if it is sent several times, and the writer's verdict on it.
internal sealed class SessionWrite(IdempotencyKey key)
{
    internal IdempotencyKey Key => key;

    // The answer of the write. If it was applied before, the answer of that time.
    internal string? ETag { get; set; }

    // For a chunk of a clear: the progress before it, or null for the first chunk.
    internal ClearProgress? From { get; init; }

    // For a chunk of a clear: the progress after it. Null for the last chunk, and for other writes.
    internal ClearProgress? Then { get; set; }

    internal bool IsClear { get; init; }

    internal SessionVerdict Verdict { get; set; }
}
