using System.Text;
using Rave.Client;
using Rave.Server.Protocol;

namespace Rave.Tests.Protocol;

public sealed class TextEncodingTests
{
    [Theory]
    [InlineData("hex", "00ff10", "00ff10")]
    [InlineData("base64", "AP8Q", "00ff10")]
    [InlineData("base64", "AP8=", "00ff")]
    [InlineData("base64", "+/8=", "fbff")]
    [InlineData("base64url", "-_8", "fbff")]
    [InlineData("utf8", "é", "c3a9")]
    [InlineData("hex", "", "")]
    [InlineData("base64", "", "")]
    [InlineData("base64url", "", "")]
    public void Bytes_have_one_spelling(string encoding, string text, string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Decode(encoding, text).ShouldBe(bytes);
        TextEncodings.Parse(encoding, forValues: true).Encode(bytes).ShouldBe(text);
    }

    [Theory]
    [InlineData("hex", "0")]
    [InlineData("hex", "0g")]
    [InlineData("hex", "FF")]
    [InlineData("hex", " 00")]
    [InlineData("hex", "0x00")]
    [InlineData("base64", "AP8")]
    [InlineData("base64", "AP9=")]
    [InlineData("base64", "AR==")]
    [InlineData("base64", "AA=")]
    [InlineData("base64", "AA==\n")]
    [InlineData("base64", " AA==")]
    [InlineData("base64", "A A==")]
    [InlineData("base64", "-_8=")]
    [InlineData("base64", "A")]
    [InlineData("base64", "====")]
    [InlineData("base64", "AAAA====")]
    [InlineData("base64", "AA==AAAA")]
    [InlineData("base64url", "AP8=")]
    [InlineData("base64url", "AP9")]
    [InlineData("base64url", "AR")]
    [InlineData("base64url", "AA%")]
    [InlineData("base64url", "AA\n")]
    [InlineData("base64url", "+/8")]
    [InlineData("base64url", "A")]
    [InlineData("json", "")]
    [InlineData("json", "{")]
    [InlineData("json", "1 2")]
    [InlineData("json", "[1,]")]
    public void Any_other_spelling_is_refused(string encoding, string text) => Decode(encoding, text).ShouldBeNull();

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        TextEncoding.Utf8.TryDecode([0xff], new byte[1], out _).ShouldBeFalse();
        TextEncoding.Utf8.TryDecode([0xc0, 0x80], new byte[2], out _).ShouldBeFalse();
        TextEncoding.Utf8.TryDecode([0xed, 0xa0, 0x80], new byte[3], out _).ShouldBeFalse();
        TextEncodings.IsJson([(byte)'"', 0xff, (byte)'"']).ShouldBeFalse();
        TextEncodings.IsJson([(byte)'{', (byte)'"', 0xff, .. "\":1}"u8]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("hex")]
    [InlineData("base64")]
    [InlineData("base64url")]
    public void Decoding_gives_the_same_bytes_at_every_length(string name)
    {
        TextEncoding encoding = TextEncodings.Parse(name, forValues: false);
        Random random = new(1);
        for (int length = 0; length <= 300; length++)
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            byte[] text = Encoding.ASCII.GetBytes(encoding.Encode(bytes));
            byte[] decoded = new byte[text.Length];
            encoding.TryDecode(text, decoded, out int written).ShouldBeTrue();
            decoded.AsSpan(0, written).ToArray().ShouldBe(bytes, $"{length} bytes");
        }
    }

    [Fact]
    public void Json_is_taken_up_to_its_depth()
    {
        TextEncodings.IsJson(Nested(TextEncodings.JsonDepth)).ShouldBeTrue();
        TextEncodings.IsJson(Nested(TextEncodings.JsonDepth + 1)).ShouldBeFalse();
        TextEncodings.IsJson(Nested(1_000_000)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("json")]
    [InlineData("UTF8")]
    [InlineData("utf-8")]
    [InlineData("")]
    public void An_unknown_encoding_of_keys_is_refused(string name) =>
        Should.Throw<RaveException>(() => TextEncodings.Parse(name, forValues: false)).Code.ShouldBe(ErrorCodes.EncodingNotFound);

    private static byte[] Nested(int depth) => Encoding.ASCII.GetBytes(new string('[', depth) + new string(']', depth));

    private static byte[]? Decode(string encoding, string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        byte[] bytes = new byte[utf8.Length];
        return TextEncodings.Parse(encoding, forValues: true).TryDecode(utf8, bytes, out int written) ? bytes[..written] : null;
    }
}
