using System.Buffers;
using System.Text;

namespace Rave.Client;

// Strict in both directions: a lone surrogate or an invalid byte is an error and is never replaced.
internal sealed class Utf8Encoding : IEncoding<string>
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string Name => "utf8";

    public void Encode(string value, IBufferWriter<byte> output) => Strict.GetBytes(value, output);

    public string Decode(ReadOnlySpan<byte> bytes) => Strict.GetString(bytes);
}
