using Rave.Server.Protocol;

namespace Rave.Server.Storage;

// Marks a write that is applied once, even if it is sent several times.
internal sealed class Once(IdempotencyKey key)
{
    internal IdempotencyKey Key => key;

    // The answer of the write. If it was applied before, the store sets the answer of that time.
    internal string? ETag { get; set; }
}
