using System.Buffers;

namespace Rave.Client;

internal sealed class BytesEncoding : IEncoding<byte[]>
{
    public string Name => "bytes";

    public void Encode(byte[] value, IBufferWriter<byte> output) => output.Write(value);

    public byte[] Decode(ReadOnlySpan<byte> bytes) => bytes.ToArray();
}
