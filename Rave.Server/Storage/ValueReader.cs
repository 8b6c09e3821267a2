namespace Rave.Server.Storage;

// Makes an answer of what a store has under a key. The bytes are the store's own memory, and gone once Read returns.
internal abstract class ValueReader<T>
{
    // Without a value where it was not found.
    internal abstract T Read(bool found, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);
}
