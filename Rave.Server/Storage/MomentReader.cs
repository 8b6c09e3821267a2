using Rave.Server.Contracts;
using Rave.Server.LevelDb;

namespace Rave.Server.Storage;

// Reads key by key as all of it was at one moment, values where LevelDB has them. One owner; dispose it.
internal sealed class MomentReader(LevelDatabase database, SnapshotUse? use, Limits limits) : IDisposable
{
    private LevelValue _value;
    private long _bytes;

    // False where there is none, as there is of a reserved key for anybody. The value is good until the next call.
    internal bool TryRead(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        try
        {
            Release();
            if (key.Length > limits.KeyBytes)
            {
                throw new LevelException(ErrorCodes.TooLarge, $"The key has {key.Length} bytes; the limit is {limits.KeyBytes}.");
            }

            _value = ReservedKeys.Contains(key) ? default : database.Find(key, use?.Snapshot);
            value = _value.Bytes;
            _bytes += key.Length + value.Length;
            return _bytes <= limits.GetManyBytes
                ? _value.Exists
                : throw new LevelException(ErrorCodes.TooLarge, $"The answer would be larger than {limits.GetManyBytes} bytes; ask for fewer keys at once.");
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            throw failure;
        }
    }

    // Whether there is one.
    internal bool Has(ReadOnlySpan<byte> key)
    {
        bool found = TryRead(key, out ReadOnlySpan<byte> value);
        // Its value is not part of the answer.
        _bytes -= value.Length;
        return found;
    }

    // What was read last, or none, for the caller to free: it outlives the moment.
    internal LevelValue Take()
    {
        LevelValue value = _value;
        _value = default;
        return value;
    }

    public void Dispose()
    {
        Release();
        use?.Dispose();
    }

    private void Release() => Take().Free();
}
