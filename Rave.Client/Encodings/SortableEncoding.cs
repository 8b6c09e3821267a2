using System.Buffers;

namespace Rave.Client;

// Values with a fixed length, whose bytes sort like the values.
internal sealed class SortableEncoding<T>(string name, int length, SortableEncoding<T>.Writer write, SortableEncoding<T>.Reader read)
    : IEncoding<T>
{
    internal delegate void Writer(T value, Span<byte> bytes);

    internal delegate T Reader(ReadOnlySpan<byte> bytes);

    public string Name => name;

    public void Encode(T value, IBufferWriter<byte> output)
    {
        write(value, output.GetSpan(length)[..length]);
        output.Advance(length);
    }

    public T Decode(ReadOnlySpan<byte> bytes) =>
        bytes.Length == length ? read(bytes) : throw new FormatException($"{name} has {length} bytes, not {bytes.Length}.");
}
