using System.Buffers;
using Rave.Server.Contracts;

namespace Rave.Client;

// Keys one behind the other in rented memory, for the length of one call. Whoever adds one writes it to Bytes, then ends it.
internal sealed class KeyList(int capacity) : IDisposable
{
    private readonly int[] _ends = ArrayPool<int>.Shared.Rent(capacity);

    internal PooledBuffer Bytes { get; } = new();

    internal int Count { get; private set; }

    internal ReadOnlySpan<byte> this[int index]
    {
        get
        {
            int start = index == 0 ? 0 : _ends[index - 1];
            return Bytes.Written.Span[start.._ends[index]];
        }
    }

    internal void EndKey() => _ends[Count++] = Bytes.Length;

    public void Dispose()
    {
        Bytes.Dispose();
        ArrayPool<int>.Shared.Return(_ends);
    }
}
