using Rave.Server.Protocol;

namespace Rave.Client;

// A buffer for each thread, for a key on its way to the store, so that a read need not allocate one.
internal static class Scratch
{
    // A thread keeps at most this much: the default limit of a key.
    private const int KeptBytes = 64 << 10;

    [ThreadStatic]
    private static PooledBuffer? _spare;

    // An encoding may itself read from the database, so the buffer is taken away during use, and a nested call creates another.
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
