using System.Buffers;
using System.Text;
using Rave.Server.Contracts;

namespace Rave.Client;

// Bytes that the program has as hex or base64 text and the database as bytes.
internal sealed class TextBytesEncoding(TextEncoding text) : IEncoding<string>
{
    public string Name => text.Name();

    public void Encode(string value, IBufferWriter<byte> output)
    {
        using PooledBuffer ascii = new(Encoding.UTF8.GetMaxByteCount(value.Length));
        Encoding.UTF8.GetBytes(value, ascii);
        Span<byte> bytes = output.GetSpan(ascii.Length);
        if (!text.TryDecode(ascii.Written.Span, bytes, out int length))
        {
            throw new FormatException($"'{value}' is not {Name} in its one canonical spelling.");
        }

        output.Advance(length);
    }

    public string Decode(ReadOnlySpan<byte> bytes) => text.Encode(bytes);
}
