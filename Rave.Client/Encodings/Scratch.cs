using Rave.Server.Protocol;

namespace Rave.Client;

// A thread's buffer for a key on its way into the store, so that a read allocates none.
internal static class Scratch
{
    // What a thread keeps for good: as much as a key may have, by default.
    private const int KeptBytes = 64 << 10;

    [ThreadStatic]
    private static PooledBuffer? _spare;

    // An encoding is anybody's code and may itself read: so the buffer is taken away, and who comes meanwhile gets another.
    internal static PooledBuffer Take()
    {
        PooledBuffer buffer = _spare ?? new(256);
        _spare = null;
        return buffer;
    }

    internal static void Return(PooledBuffer buffer)
    {
        if (_spare is not null || buffer.Length > KeptBytes)
        {
            buffer.Dispose();
            return;
        }

        buffer.Clear();
        _spare = buffer;
    }
}
