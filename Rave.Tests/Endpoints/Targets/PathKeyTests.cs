using System.Text;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

public abstract class PathKeyTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : PathKeyTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : PathKeyTests(gateway), IClassFixture<SharedGateway>;

    [Theory]
    [InlineData("users/42", "users/42")]
    [InlineData("users%2F43", "users/43")]
    [InlineData("users%2f44", "users/44")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("a%25b", "a%b")]
    [InlineData("a+b", "a+b")]
    [InlineData("a%2Bc", "a+c")]
    [InlineData("a%20b", "a b")]
    [InlineData("%61b%63", "abc")]
    [InlineData("%C3%A9", "é")]
    [InlineData("%F0%9F%98%80", "😀")]
    [InlineData("q%3Fx%23y", "q?x#y")]
    [InlineData("back%5Cslash", "back\\slash")]
    [InlineData("line%0D%0Abreak", "line\r\nbreak")]
    [InlineData("trailing/", "trailing/")]
    [InlineData("/leading", "/leading")]
    [InlineData("two//slashes", "two//slashes")]
    [InlineData("semi;colon=1&x", "semi;colon=1&x")]
    [InlineData("{key}", "{key}")]
    public async Task The_key_is_the_text_after_the_slash_decoded_once(string written, string key)
    {
        (await subject.PutAsync("/v1/kv/" + written, written)).Status.ShouldBe(204);
        string hex = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(key));
        (await subject.GetAsync($"/v1/kv/{hex}?keyEncoding=hex")).Text.ShouldBe(written);
        (await subject.GetAsync("/v1/kv/" + written)).Text.ShouldBe(written);
    }

    [Fact]
    public async Task An_escaped_slash_and_a_slash_are_the_same_byte()
    {
        await subject.PutAsync("/v1/kv/same/byte", "1");
        (await subject.GetAsync("/v1/kv/same%2Fbyte")).Text.ShouldBe("1");
        (await subject.DeleteAsync("/v1/kv/same%2fbyte")).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/kv/same/byte")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("a%", "LEVEL_INVALID_REQUEST")]
    [InlineData("a%4", "LEVEL_INVALID_REQUEST")]
    [InlineData("a%zz", "LEVEL_INVALID_REQUEST")]
    [InlineData("a%%41", "LEVEL_INVALID_REQUEST")]
    [InlineData("%u0041", "LEVEL_INVALID_REQUEST")]
    [InlineData("%FF", "LEVEL_INVALID_KEY")]
    [InlineData("%C0%80", "LEVEL_INVALID_KEY")]
    [InlineData("%ED%A0%80", "LEVEL_INVALID_KEY")]
    [InlineData("%C3", "LEVEL_INVALID_KEY")]
    public async Task A_key_that_cannot_be_decoded_is_refused(string written, string code)
    {
        foreach (string method in (string[])["GET", "PUT", "DELETE"])
        {
            (await subject.SendAsync(method, "/v1/kv/" + written)).ShouldBeProblem(400, code);
        }
    }

    [Theory]
    [InlineData("/v1/kv/%00")]
    [InlineData("/v1/kv/a%00b")]
    [InlineData("http://rave/v1/kv/a%00b")]
    [InlineData("/v1/kv/%00?keyEncoding=hex")]
    [InlineData("/v1/kv/\u00e9")]
    public async Task An_escaped_zero_or_a_raw_byte_is_refused_in_a_path(string target) =>
        (await RawHttp.SendAsync(subject.SocketPath, "PUT", target)).Status.ShouldBe(400);

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(20)]
    [InlineData(23)]
    [InlineData(24)]
    [InlineData(33)]
    [InlineData(100)]
    [InlineData(1000)]
    public async Task Binary_keys_of_any_length_can_be_sent_in_hex_and_base64url(int length)
    {
        byte[] key = new byte[length];
        new Random(length).NextBytes(key);
        string hex = Convert.ToHexStringLower(key);
        (await subject.PutAsync($"/v1/kv/{hex}?keyEncoding=hex", hex)).Status.ShouldBe(204);
        string base64Url = System.Buffers.Text.Base64Url.EncodeToString(key);
        (await subject.GetAsync($"/v1/kv/{base64Url}?keyEncoding=base64url")).Text.ShouldBe(hex);
        string base64 = Uri.EscapeDataString(Convert.ToBase64String(key));
        (await subject.GetAsync($"/v1/kv/{base64}?keyEncoding=base64")).Text.ShouldBe(hex);
        (await subject.GetAsync($"/v1/entries?gte={hex}&lte={hex}&keyEncoding=hex")).Keys.ShouldBe(hex);
    }

    [Theory]
    [InlineData("AB", "hex")]
    [InlineData("abc", "hex")]
    [InlineData("a%20b", "hex")]
    [InlineData("YR==", "base64")]
    [InlineData("YQ", "base64")]
    [InlineData("YQ==%0A", "base64")]
    [InlineData("YQ==", "base64url")]
    [InlineData("YR", "base64url")]
    [InlineData("Y%20Q", "base64url")]
    [InlineData("-_8=", "base64")]
    [InlineData("+/8", "base64url")]
    public async Task A_key_has_one_spelling_in_every_encoding(string written, string encoding) =>
        (await subject.GetAsync($"/v1/kv/{written}?keyEncoding={encoding}")).ShouldBeProblem(400, "LEVEL_INVALID_KEY")
            .ShouldContain(encoding);

    [Theory]
    [InlineData("hex", "6G")]
    [InlineData("hex", "6")]
    [InlineData("hex", "6B")]
    [InlineData("base64", "YQ")]
    [InlineData("base64", "YR==")]
    [InlineData("base64", "YQ==%0A")]
    [InlineData("base64url", "YQ==")]
    [InlineData("base64url", "YR")]
    [InlineData("base64url", "%2B%2B")]
    public async Task One_key_has_one_spelling(string encoding, string text)
    {
        (await subject.AskAsync($"GET /v1/kv/{text}?keyEncoding={encoding}")).ShouldBeProblem(400, "LEVEL_INVALID_KEY");
        (await subject.AskAsync($"GET /v1/count?gte={text}&keyEncoding={encoding}")).ShouldBeProblem(400, "LEVEL_INVALID_KEY");
    }

    [Fact]
    public async Task The_key_in_a_path_is_decoded_exactly_once_and_may_contain_a_slash()
    {
        await subject.AskAsync("PUT /v1/kv/gr/42", "slash");
        (await subject.AskAsync("GET /v1/kv/gr%2F42")).Body.ShouldBe("slash");
        (await subject.AskAsync("GET /v1/kv/67722f3432?keyEncoding=hex")).Body.ShouldBe("slash");
        await subject.AskAsync("PUT /v1/kv/gr%252F42", "percent");
        (await subject.AskAsync("GET /v1/kv/67722532463432?keyEncoding=hex")).Body.ShouldBe("percent");
        await subject.AskAsync("PUT /v1/kv/gr+42", "plus");
        (await subject.AskAsync("GET /v1/kv/67722b3432?keyEncoding=hex")).Body.ShouldBe("plus");
        await subject.AskAsync("PUT /v1/kv/", "empty");
        (await subject.AskJsonAsync("POST /v1/get-many", """{"keys":[""]}""")).Body
            .ShouldBe("""{"entries":[{"key":"","value":"empty"}]}""");
    }

    [Theory]
    [InlineData("%")]
    [InlineData("%2")]
    [InlineData("%zz")]
    [InlineData("%ff")]
    [InlineData("%c3")]
    [InlineData("%00")]
    public async Task A_bad_escape_and_bytes_that_are_not_utf8_are_400_in_a_path(string key) =>
        (await subject.AskAsync($"GET /v1/kv/a{key}")).Status.ShouldBe(400);

    [Fact]
    public async Task Every_key_fits_in_the_request_line()
    {
        string key = string.Concat(Enumerable.Repeat("%C3%A4", 32 << 10));
        (await subject.AskAsync($"PUT /v1/kv/{key}", "long")).Status.ShouldBe(204);
        (await subject.AskAsync($"GET /v1/entries?gte={key}&lte={key}&prefix={key}")).Body.ShouldContain("\"long\"");
        (await subject.AskAsync($"DELETE /v1/kv/{key}")).Status.ShouldBe(204);
    }
}
