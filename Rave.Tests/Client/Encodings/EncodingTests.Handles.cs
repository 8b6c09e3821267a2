using System.Buffers;
using System.Text;
using Rave.Client;

namespace Rave.Tests.Client;

public sealed partial class EncodingTests
{
    [Fact]
    public void Numbers_sort_as_bytes() => ShouldSort<long>(
        Encodings.Int64, long.MinValue, long.MinValue + 1, -256, -1, 0, 1, 255, 256, long.MaxValue);

    [Fact]
    public void Unsigned_numbers_sort_as_bytes() =>
        ShouldSort<ulong>(Encodings.UInt64, 0ul, 1ul, 255ul, 256ul, long.MaxValue, ulong.MaxValue);

    [Fact]
    public void Guids_sort_as_bytes() =>
        ShouldSort(Encodings.Guid, [.. Enumerable.Range(0, 200).Select(_ => Guid.NewGuid()).Append(Guid.Empty).Order()]);

    [Fact]
    public void Points_in_time_sort_by_the_instant_and_keep_their_offset()
    {
        DateTimeOffset noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        ShouldSort(
            Encodings.DateTimeOffset,
            DateTimeOffset.MinValue, noon, noon.AddTicks(1).ToOffset(TimeSpan.FromHours(-11)),
                noon.AddTicks(1).ToOffset(TimeSpan.FromMinutes(330)), DateTimeOffset.MaxValue);
        RoundTrip(Encodings.DateTimeOffset, noon.ToOffset(TimeSpan.FromHours(2))).Offset.ShouldBe(TimeSpan.FromHours(2));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ä漢\0")]
    public void Text_is_utf8(string text) => RoundTrip(Encodings.Utf8, text).ShouldBe(text);

    [Fact]
    public void Invalid_text_is_refused()
    {
        Should.Throw<EncoderFallbackException>(() => Bytes(Encodings.Utf8, "\ud800"));
        Should.Throw<DecoderFallbackException>(() => Encodings.Utf8.Decode([0xff]));
    }

    [Fact]
    public void Hex_and_base64_have_one_spelling_for_bytes()
    {
        Bytes(Encodings.Hex, "00ff").ShouldBe([0, 255]);
        Bytes(Encodings.Base64, "AP8=").ShouldBe([0, 255]);
        RoundTrip(Encodings.Hex, "").ShouldBe("");
        Should.Throw<FormatException>(() => Bytes(Encodings.Hex, "00FF"));
        Should.Throw<FormatException>(() => Bytes(Encodings.Base64, "AP8"));
    }

    [Fact]
    public void Bytes_of_another_length_are_not_a_number() => Should.Throw<FormatException>(() => Encodings.Int64.Decode([1]));

    private static void ShouldSort<T>(IEncoding<T> encoding, params T[] ascending)
    {
        byte[][] bytes = [.. ascending.Select(value => Bytes(encoding, value))];
        for (int i = 0; i < bytes.Length; i++)
        {
            encoding.Decode(bytes[i]).ShouldBe(ascending[i]);
            if (i > 0)
            {
                bytes[i - 1].AsSpan().SequenceCompareTo(bytes[i]).ShouldBeLessThan(0, $"{ascending[i - 1]} before {ascending[i]}");
            }
        }
    }

    private static T RoundTrip<T>(IEncoding<T> encoding, T value) => encoding.Decode(Bytes(encoding, value));

    private static byte[] Bytes<T>(IEncoding<T> encoding, T value)
    {
        ArrayBufferWriter<byte> output = new();
        encoding.Encode(value, output);
        return output.WrittenSpan.ToArray();
    }
}
