using Rave.Server.Protocol;

namespace Rave.Server.Storage;

// Entries of a scan in the binary form, in a pooled buffer, and the scan that continues after them. Entries are taken one by one.
// One owner and one thread at a time.
internal sealed class Page(PooledBuffer bytes, int count, Scan? next) : IDisposable
{
    private int _read;

    // The number of entries that were not taken yet.
    internal int Count { get; private set; } = count;

    // Null at the end of the scan. Any leader can continue it.
    internal Scan? Next => next;

    // The entries that were not taken yet, without the end mark of the binary form.
    internal ReadOnlySpan<byte> Entries => bytes.WrittenSpan[_read..];

    // The next entry, in the memory of the page. Keys or values that were not requested are empty.
    internal bool TryTake(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        if (Count == 0)
        {
            key = default;
            value = default;
            return false;
        }

        EntriesBinaryReader reader = new(Entries);
        reader.Read();
        key = reader.Key;
        value = reader.Value;
        Count--;
        _read = bytes.Length - reader.Left;
        return true;
    }

    // The page without keys. This one is empty then.
    internal Page WithoutKeys(Scan scan)
    {
        PooledBuffer rest = new();
        int left = Count;
        while (TryTake(out _, out ReadOnlySpan<byte> value))
        {
            EntriesBinaryWriter.WriteEntry(rest, default, value, withKey: false, scan.NeedsValues);
        }

        bytes.Dispose();
        return new(rest, left, next);
    }

    // The page as it is sent, with its end mark. The caller owns the buffer, and the page is empty.
    internal PooledBuffer End(string? continuation)
    {
        EntriesBinaryWriter.WriteEnd(bytes, continuation);
        Count = 0;
        return bytes;
    }

    public void Dispose()
    {
        Count = 0;
        bytes.Dispose();
    }
}
