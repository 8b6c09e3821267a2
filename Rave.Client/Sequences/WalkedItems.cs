using System.Diagnostics.CodeAnalysis;
using Rave.Client.Ranges;

namespace Rave.Client.Sequences;

// Converts an entry to an item. The bytes are valid during the call.
internal delegate T EntryDecoder<out T>(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

// The entries of a walk. Each is decoded when it is taken.
internal sealed class WalkedItems<T>(Walk walk, int pageEntries, EntryDecoder<T> decode) : ISequenceSource<T>
{
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        bool taken = walk.TryTake(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value);
        item = taken ? decode(key, value) : default;
        return taken;
    }

    public ValueTask<bool> FetchAsync(CancellationToken cancellationToken) => walk.FetchAsync(pageEntries, cancellationToken);

    public void Dispose() => walk.Dispose();
}
