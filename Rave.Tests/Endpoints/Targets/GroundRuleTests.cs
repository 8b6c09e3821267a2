using System.Text.Json;
using Rave.Tests.Harness;

namespace Rave.Tests.Contract;

[Collection(ContractSuite.Name)]
public sealed class GroundRuleTests(ContractLeader leader)
{
    [Fact]
    public async Task Where_is_http_over_the_unix_socket_of_the_location()
    {
        RawResponse answer = await RawHttp.SendAsync(leader.SocketPath, "GET", "/healthz");
        answer.Head.ShouldStartWith("HTTP/1.1 200 OK\r\n");
        Path.GetFileName(leader.SocketPath).ShouldBe("rave.sock");
    }

    [Theory]
    [InlineData("", "gr/\u00c3\u00a4", "gr/ä")]
    [InlineData("keyEncoding=utf8&valueEncoding=utf8", "gr/\u00c3\u00a4", "gr/ä")]
    [InlineData("keyEncoding=hex&valueEncoding=hex", "67722fc3a4", "67722fc3a4")]
    [InlineData("keyEncoding=base64&valueEncoding=base64", "Z3Ivw6Q=", "Z3Ivw6Q=")]
    [InlineData("keyEncoding=base64url&valueEncoding=base64url", "Z3Ivw6Q", "Z3Ivw6Q")]
    public async Task Keys_and_values_are_bytes_in_the_encoding_that_the_caller_picks(string query, string sent, string text)
    {
        (await leader.AskJsonAsync($"POST /v1/batch?{query}", $$"""[{"type":"put","key":"{{sent}}","value":"{{sent}}"}]""")).Status.ShouldBe(204);
        (await leader.AskAsync("GET /v1/kv/67722fc3a4?keyEncoding=hex")).Body.ShouldBe("gr/\u00c3\u00a4");
        JsonElement entry = (await leader.AskJsonAsync($"POST /v1/get-many?{query}", $$"""{"keys":["{{sent}}"]}""")).Json.GetProperty("entries")[0];
        entry.GetProperty("key").GetString().ShouldBe(text);
        entry.GetProperty("value").GetString().ShouldBe(text);
    }

    [Fact]
    public async Task A_json_value_stands_in_the_document_as_json()
    {
        (await leader.AskJsonAsync("POST /v1/batch?valueEncoding=json", """[{"type":"put","key":"gr/json","value":{"a":[1,null,1.50]}}]""")).Status.ShouldBe(204);
        (await leader.AskAsync("GET /v1/kv/gr/json")).Body.ShouldBe("""{"a":[1,null,1.50]}""");
        (await leader.AskAsync("GET /v1/entries?prefix=gr/json&valueEncoding=json")).Body.ShouldContain("""{"key":"gr/json","value":{"a":[1,null,1.50]}""");
        (await leader.AskAsync("GET /v1/count?keyEncoding=json")).ShouldBeProblem(400, "LEVEL_ENCODING_NOT_FOUND");
    }

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
        (await leader.AskAsync($"GET /v1/kv/{text}?keyEncoding={encoding}")).ShouldBeProblem(400, "LEVEL_INVALID_KEY");
        (await leader.AskAsync($"GET /v1/count?gte={text}&keyEncoding={encoding}")).ShouldBeProblem(400, "LEVEL_INVALID_KEY");
    }

    [Theory]
    [InlineData("utf8")]
    [InlineData("json")]
    public async Task What_is_not_valid_in_the_asked_encoding_is_422_that_names_the_key_and_suggests_base64(string encoding)
    {
        await leader.AskAsync("PUT /v1/kv/gr/raw", "\u00ff");
        string detail = (await leader.AskAsync($"GET /v1/entries?prefix=gr/raw&valueEncoding={encoding}")).ShouldBeProblem(422, "LEVEL_DECODE_ERROR");
        detail.ShouldContain("67722f726177");
        detail.ShouldContain("base64");
        (await leader.AskAsync("GET /v1/entries?prefix=gr/raw&valueEncoding=base64")).Body.ShouldContain("/w==");
    }

    [Theory]
    [InlineData("DELETE /v1/kv/../entries?all=true")]
    [InlineData("DELETE /v1/kv/%2e%2E/entries?all=true")]
    [InlineData("DELETE /v1/kv/.%2e/entries?all=true")]
    [InlineData("DELETE http://rave/v1/kv/../entries?all=true")]
    [InlineData("GET /v1/./status")]
    [InlineData("GET /nowhere/..")]
    [InlineData("GET /v1/kv/a/./b")]
    [InlineData("GET /v1/snapshots/%2e")]
    public async Task A_dot_segment_anywhere_in_the_raw_target_is_400(string request)
    {
        await leader.FillAsync("gr/dots");
        (await leader.AskAsync(request)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
        (await leader.AskAsync("GET /v1/kv/gr/dots")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("/v1/kv")]
    [InlineData("/V1/kv/a")]
    [InlineData("/v1/%6bv/a")]
    [InlineData("/v1/Entries")]
    [InlineData("/v1/entries/")]
    [InlineData("//v1/entries")]
    [InlineData("/")]
    public async Task The_fixed_part_of_a_path_is_spelled_exactly_else_404(string target) =>
        (await leader.AskAsync($"GET {target}")).ShouldBeProblem(404, "LEVEL_NOT_FOUND");

    [Fact]
    public async Task An_absolute_form_target_is_cut_to_its_path()
    {
        (await leader.AskAsync("PUT http://rave/v1/kv/gr/absolute?sync=true", "1")).Status.ShouldBe(204);
        (await leader.AskAsync("GET /v1/kv/gr/absolute")).Body.ShouldBe("1");
    }

    [Fact]
    public async Task The_key_in_a_path_is_decoded_exactly_once_and_a_slash_may_stand_as_it_is()
    {
        await leader.AskAsync("PUT /v1/kv/gr/42", "slash");
        (await leader.AskAsync("GET /v1/kv/gr%2F42")).Body.ShouldBe("slash");
        (await leader.AskAsync("GET /v1/kv/67722f3432?keyEncoding=hex")).Body.ShouldBe("slash");
        await leader.AskAsync("PUT /v1/kv/gr%252F42", "percent");
        (await leader.AskAsync("GET /v1/kv/67722532463432?keyEncoding=hex")).Body.ShouldBe("percent");
        await leader.AskAsync("PUT /v1/kv/gr+42", "plus");
        (await leader.AskAsync("GET /v1/kv/67722b3432?keyEncoding=hex")).Body.ShouldBe("plus");
        await leader.AskAsync("PUT /v1/kv/", "empty");
        (await leader.AskJsonAsync("POST /v1/get-many", """{"keys":[""]}""")).Body.ShouldBe("""{"entries":[{"key":"","value":"empty"}]}""");
    }

    [Theory]
    [InlineData("%")]
    [InlineData("%2")]
    [InlineData("%zz")]
    [InlineData("%ff")]
    [InlineData("%c3")]
    [InlineData("%00")]
    public async Task A_bad_escape_and_bytes_that_are_not_utf8_are_400_in_a_path(string key) =>
        (await leader.AskAsync($"GET /v1/kv/a{key}")).Status.ShouldBe(400);

    [Fact]
    public async Task Every_key_fits_in_the_request_line()
    {
        string key = string.Concat(Enumerable.Repeat("%C3%A4", 32 << 10));
        (await leader.AskAsync($"PUT /v1/kv/{key}", "long")).Status.ShouldBe(204);
        (await leader.AskAsync($"GET /v1/entries?gte={key}&lte={key}&prefix={key}")).Body.ShouldContain("\"long\"");
        (await leader.AskAsync($"DELETE /v1/kv/{key}")).Status.ShouldBe(204);
    }
}
