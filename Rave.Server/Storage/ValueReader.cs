namespace Rave.Server.Storage;

// Turns a stored value into an answer. The bytes are the store's memory, and valid until Read returns.
internal abstract class ValueReader<T>
{
    // If false, the value may be left out: only whether there is an entry matters.
    internal virtual bool NeedsValue => true;

    // The value is empty if it was not found.
    internal abstract T Read(bool found, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);
}
