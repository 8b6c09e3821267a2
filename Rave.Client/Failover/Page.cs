using Rave.Server.Contracts;

namespace Rave.Client.Failover;

// Entries of a scan as bytes, in the binary form and in a pooled buffer, to be taken one after the other, and where the scan goes on after them.
// One owner, one thread at a time: what was taken is gone with the page.
internal sealed class Page : IDisposable
{
    private readonly PooledBuffer _bytes;
    private int _next;

    // What its maker has written itself.
    internal Page(PooledBuffer bytes, int count, string? continuation)
    {
        _bytes = bytes;
        Count = count;
        Continuation = continuation;
    }

    // Entries that were not taken yet.
    internal int Count { get; private set; }

    // Null at the end of the scan; as good for the next leader as for the last.
    internal string? Continuation { get; }

    // A leader's answer, which is the page's own from here on. All of it is looked at before the first entry is delivered.
    internal static Page Of(PooledBuffer answer)
    {
        try
        {
            int count = 0;
            EntriesBinaryReader reader = new(answer.WrittenSpan);
            while (reader.Read())
            {
                count += reader.Found ? 1 : throw EntriesBinaryReader.Malformed();
            }

            return new(answer, count, reader.Continuation);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    // The next entry, in the page's own memory; empty where keys or values were left out.
    internal bool TryTake(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        if (Count == 0)
        {
            key = default;
            value = default;
            return false;
        }

        EntriesBinaryReader reader = new(_bytes.WrittenSpan[_next..]);
        reader.Read();
        key = reader.Key;
        value = reader.Value;
        Count--;
        _next = _bytes.Length - reader.Left;
        return true;
    }

    public void Dispose()
    {
        Count = 0;
        _bytes.Dispose();
    }
}
