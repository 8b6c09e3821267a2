using Rave.Server.Protocol;

namespace Rave.Server.Storage;

// A write that is applied once, however often it is sent.
internal sealed class Once(IdempotencyKey key)
{
    internal IdempotencyKey Key => key;

    // What the write answers; once it is decided, what its first attempt answered.
    internal string? ETag { get; set; }
}
