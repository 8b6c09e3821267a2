using System.Buffers;
using System.Text;
using Rave.Server.Protocol;

namespace Rave.Client;

// Bytes that the program has as hex or base64 text.
internal sealed class TextBytesEncoding(TextEncoding text) : IEncoding<string>
{
    public string Name => text.Name();

    public void Encode(string value, IBufferWriter<byte> output)
    {
        byte[] characters = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(value.Length));
        try
        {
            ReadOnlySpan<byte> ascii = characters.AsSpan(0, Encoding.UTF8.GetBytes(value, characters));
            if (!text.TryDecode(ascii, output.GetSpan(ascii.Length), out int length))
            {
                throw new FormatException($"'{value}' is not {Name} in its canonical spelling.");
            }

            output.Advance(length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(characters);
        }
    }

    public string Decode(ReadOnlySpan<byte> bytes) => text.Encode(bytes);
}
