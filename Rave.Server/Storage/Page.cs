using Rave.Server.Protocol;

namespace Rave.Server.Storage;

// Entries of a scan in the binary form and in a pooled buffer, to be taken one after the other, and the scan that goes on after them.
// One owner, one thread at a time: what was taken is gone with the page.
internal sealed class Page(PooledBuffer bytes, int count, Scan? next) : IDisposable
{
    private int _read;

    // Entries that were not taken yet.
    internal int Count { get; private set; } = count;

    // Null at the end of the scan; as good for the next leader as for the last.
    internal Scan? Next => next;

    // Those that were not taken yet, without the end that the form has.
    internal ReadOnlySpan<byte> Entries => bytes.WrittenSpan[_read..];

    // The next entry, in the page's own memory; empty where keys or values were left out.
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

    // The same for somebody who did not ask for keys; this one is empty then.
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

    // The page in the form in which it is sent, with its end; its caller's from here on, and the page is empty.
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
