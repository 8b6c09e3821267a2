using System.Text.Json;

namespace Rave.Tests.Endpoints;

public abstract class EntryEncodingTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : EntryEncodingTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : EntryEncodingTests(gateway), IClassFixture<SharedGateway>;

    [Theory]
    [InlineData("hex", "656eff", "00fbff")]
    [InlineData("base64", "ZW7/", "APv/")]
    [InlineData("base64url", "ZW7_", "APv_")]
    public async Task Bounds_keys_and_values_of_a_page_have_the_requested_encoding(string encoding, string key, string value)
    {
        await subject.PutAsync("/v1/kv/656eff?keyEncoding=hex", [0x00, 0xfb, 0xff]);
        string bound = Uri.EscapeDataString(key);
        Answer page = await subject.GetAsync($"/v1/entries?gte={bound}&lte={bound}&keyEncoding={encoding}&valueEncoding={encoding}");
        page.Text.ShouldBe($$"""{"entries":[{"key":"{{key}}","value":"{{value}}"}],"continuation":null}""");
    }

    [Fact]
    public async Task Keys_and_values_may_have_different_encodings()
    {
        await subject.PutAsync("/v1/kv/own%2Fa", [0xff]);
        Answer page = await subject.GetAsync("/v1/entries?prefix=own/&valueEncoding=hex");
        page.Text.ShouldBe("""{"entries":[{"key":"own/a","value":"ff"}],"continuation":null}""");
    }

    [Fact]
    public async Task A_value_that_is_not_text_is_422_that_names_the_key_in_hex_and_suggests_base64()
    {
        await subject.PutAsync("/v1/kv/raw/a", "fine");
        await subject.PutAsync("/v1/kv/raw/b", [0xff]);
        Answer[] refused =
        [
            await subject.GetAsync("/v1/entries?prefix=raw/"),
            await subject.PostJsonAsync("/v1/get-many", """{"keys":["raw/b"]}"""),
            await subject.GetAsync("/v1/entries?prefix=raw/b&valueEncoding=json"),
        ];
        foreach (Answer answer in refused)
        {
            string detail = answer.ShouldBeProblem(422, "LEVEL_DECODE_ERROR");
            detail.ShouldContain("7261772f62");
            detail.ShouldContain("valueEncoding=base64");
        }

        (await subject.GetAsync("/v1/entries?prefix=raw/&values=false")).Keys.ShouldBe("raw/a raw/b");
        (await subject.GetAsync("/v1/entries?prefix=raw/&limit=1")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_key_that_is_not_text_is_422_that_names_it_in_hex_and_suggests_base64()
    {
        await subject.PutAsync("/v1/kv/6b65792fff?keyEncoding=hex", "fine");
        string detail = (await subject.GetAsync("/v1/entries?prefix=key/")).ShouldBeProblem(422, "LEVEL_DECODE_ERROR");
        detail.ShouldContain("6b65792fff");
        detail.ShouldContain("keyEncoding=base64");
        (await subject.GetAsync("/v1/entries?prefix=key/&keys=false")).Text
            .ShouldBe("""{"entries":[{"value":"fine"}],"continuation":null}""");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("text")]
    [InlineData("1 1")]
    [InlineData("[1,]")]
    public async Task A_value_that_is_not_json_is_422_with_the_encoding_json(string value)
    {
        await subject.PutAsync("/v1/kv/nojson", value);
        (await subject.GetAsync("/v1/entries?prefix=nojson&valueEncoding=json")).ShouldBeProblem(422, "LEVEL_DECODE_ERROR")
            .ShouldContain("json");
    }

    [Fact]
    public async Task Text_is_read_back_unchanged()
    {
        string text = "\"quoted\" \\ \u2028 \u0001 é 😀 </script> \u007f \ufffd";
        await subject.PutAsync("/v1/kv/text", text);
        (await subject.GetAsync("/v1/entries?prefix=text")).Entries.Single().GetProperty("value").GetString().ShouldBe(text);
    }

    [Fact]
    public async Task Text_stays_readable()
    {
        await subject.PutAsync("/v1/kv/legible", "it's <é>");
        (await subject.GetAsync("/v1/entries?prefix=legible")).Text.ShouldContain("it's <é>");
    }

    [Theory]
    [InlineData("", "gr/\u00c3\u00a4", "gr/ä")]
    [InlineData("keyEncoding=utf8&valueEncoding=utf8", "gr/\u00c3\u00a4", "gr/ä")]
    [InlineData("keyEncoding=hex&valueEncoding=hex", "67722fc3a4", "67722fc3a4")]
    [InlineData("keyEncoding=base64&valueEncoding=base64", "Z3Ivw6Q=", "Z3Ivw6Q=")]
    [InlineData("keyEncoding=base64url&valueEncoding=base64url", "Z3Ivw6Q", "Z3Ivw6Q")]
    public async Task Keys_and_values_are_bytes_in_the_encoding_that_the_caller_chooses(string query, string sent, string text)
    {
        (await subject.AskJsonAsync($"POST /v1/batch?{query}", $$"""[{"type":"put","key":"{{sent}}","value":"{{sent}}"}]""")).Status
            .ShouldBe(204);
        (await subject.AskAsync("GET /v1/kv/67722fc3a4?keyEncoding=hex")).Body.ShouldBe("gr/\u00c3\u00a4");
        JsonElement entry = (await subject.AskJsonAsync($"POST /v1/get-many?{query}", $$"""{"keys":["{{sent}}"]}"""))
            .Json.GetProperty("entries")[0];
        entry.GetProperty("key").GetString().ShouldBe(text);
        entry.GetProperty("value").GetString().ShouldBe(text);
    }

    [Fact]
    public async Task A_json_value_is_json_in_the_document()
    {
        (await subject.AskJsonAsync("POST /v1/batch?valueEncoding=json",
            """[{"type":"put","key":"gr/json","value":{"a":[1,null,1.50]}}]"""))
            .Status.ShouldBe(204);
        (await subject.AskAsync("GET /v1/kv/gr/json")).Body.ShouldBe("""{"a":[1,null,1.50]}""");
        (await subject.AskAsync("GET /v1/entries?prefix=gr/json&valueEncoding=json")).Body
            .ShouldContain("""{"key":"gr/json","value":{"a":[1,null,1.50]}""");
        (await subject.AskAsync("GET /v1/count?keyEncoding=json")).ShouldBeProblem(400, "LEVEL_ENCODING_NOT_FOUND");
    }

    [Theory]
    [InlineData("utf8")]
    [InlineData("json")]
    public async Task A_value_that_is_invalid_in_the_requested_encoding_is_422_that_names_the_key_and_suggests_base64(string encoding)
    {
        await subject.AskAsync("PUT /v1/kv/gr/raw", "\u00ff");
        string detail = (await subject.AskAsync($"GET /v1/entries?prefix=gr/raw&valueEncoding={encoding}"))
            .ShouldBeProblem(422, "LEVEL_DECODE_ERROR");
        detail.ShouldContain("67722f726177");
        detail.ShouldContain("base64");
        (await subject.AskAsync("GET /v1/entries?prefix=gr/raw&valueEncoding=base64")).Body.ShouldContain("/w==");
    }
}
