using System.Text;
using Rave.Client;
using Rave.Server.Protocol;

namespace Rave.Tests.Protocol;

public sealed class BatchJsonReaderTests
{
    [Fact]
    public void Operations_come_in_order()
    {
        Read("""[{"type":"put","key":"a","value":"1"},{"value":"2","key":"b","type":"put"},{"type":"del","key":"c"}]""")
            .ShouldBe(["Put a=1", "Put b=2", "Delete c="]);
    }

    [Fact]
    public void Escapes_are_undone_before_the_encoding()
    {
        // Every character escaped, at lengths around the vectors that decoders work in.
        for (int length = 0; length <= 80; length++)
        {
            byte[] key = new byte[length];
            new Random(length).NextBytes(key);
            string escaped = string.Concat(Convert.ToHexStringLower(key).Select(character => $"\\u{(int)character:x4}"));
            ReadKey($$"""[{"type":"del","key":"{{escaped}}"}]""", TextEncoding.Hex).ShouldBe(key);
        }
    }

    [Fact]
    public void Escaped_names_of_members_are_the_same_names() =>
        Read("""[{"\u0074ype":"\u0070ut","k\u0065y":"\ud83d\ude00","value":"\""}]""").ShouldBe(["Put 😀=\""]);

    [Theory]
    [InlineData("""[{"\ud800":1}]""")]
    [InlineData("""[{"\udc00abc":1}]""")]
    [InlineData("""[{"type":"\ud800"}]""")]
    [InlineData("""[{"type":"put","key":"\ud800","value":""}]""")]
    [InlineData("""[{"type":"put","key":"","value":"\udc00\ud800"}]""")]
    public void Half_a_surrogate_pair_is_refused_anywhere(string body) =>
        Should.Throw<RaveException>(() => Read(body)).Code
            .ShouldBeOneOf(ErrorCodes.InvalidRequest, ErrorCodes.InvalidKey, ErrorCodes.InvalidValue, ErrorCodes.InvalidBatch);

    [Theory]
    [InlineData("""[{"type":"check","key":"a","exists":false}]""", ErrorCodes.InvalidBatch)]
    [InlineData("""[{"exists":false,"type":"check","key":"a"}]""", ErrorCodes.InvalidRequest)]
    [InlineData("""[{"type":"put","key":"a","value":"1","etag":"\"x\""}]""", ErrorCodes.InvalidRequest)]
    public void A_check_is_never_read_as_a_write(string body, string code) =>
        Should.Throw<RaveException>(() => Read(body)).Code.ShouldBe(code);

    private static List<string> Read(string body)
    {
        List<string> operations = [];
        BatchJsonReader reader = new(Encoding.UTF8.GetBytes(body), TextEncoding.Utf8, TextEncoding.Utf8);
        try
        {
            while (reader.Read())
            {
                operations.Add($"{reader.Type} {Encoding.UTF8.GetString(reader.Key)}={Encoding.UTF8.GetString(reader.Value)}");
            }

            return operations;
        }
        finally
        {
            reader.Dispose();
        }
    }

    private static byte[] ReadKey(string body, TextEncoding encoding)
    {
        BatchJsonReader reader = new(Encoding.UTF8.GetBytes(body), encoding, encoding);
        try
        {
            reader.Read().ShouldBeTrue();
            return reader.Key.ToArray();
        }
        finally
        {
            reader.Dispose();
        }
    }
}
