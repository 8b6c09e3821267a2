using System.Threading.Tasks.Sources;

namespace Rave.Client.Coalescing;

// A read of one key, decoded by whoever takes its answer: an encoding is anybody's code, and the lane has more to do.
internal sealed class PendingValue<TKey, TValue>(AbstractLevel<TKey, TValue> level, TKey key)
    : Pending<byte[]?>, IValueTaskSource<TValue?>, IValueTaskSource<(bool Found, TValue? Value)>
{
    internal ValueTask<TValue?> Value => new(this, Version);

    internal ValueTask<(bool Found, TValue? Value)> Found => new(this, Version);

    TValue? IValueTaskSource<TValue?>.GetResult(short token) => Decode(token).Value;

    (bool Found, TValue? Value) IValueTaskSource<(bool Found, TValue? Value)>.GetResult(short token) => Decode(token);

    private (bool Found, TValue? Value) Decode(short token) => GetResult(token) is { } bytes ? (true, level.DecodeOwnValue(bytes, key)) : default;
}
