using System.Text;

namespace Rave.Tests.Endpoints;

public abstract class GetManyTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : GetManyTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : GetManyTests(gateway), IClassFixture<SharedGateway>;

    [Fact]
    public async Task Entries_are_in_the_requested_order_and_missing_ones_are_null()
    {
        await subject.FillAsync("many/a", "many/b");
        Answer got = await subject.PostJsonAsync("/v1/get-many", """{"keys":["many/b","many/none","many/a","many/b"]}""");
        got.Status.ShouldBe(200);
        got.MediaType.ShouldBe("application/json");
        got.Text.ShouldBe("""{"entries":[{"key":"many/b","value":"many/b"},null,"""
            + """{"key":"many/a","value":"many/a"},{"key":"many/b","value":"many/b"}]}""");
    }

    [Fact]
    public async Task Has_many_reports_which_keys_exist()
    {
        await subject.FillAsync("has/a");
        await subject.PutAsync("/v1/kv/has/empty", "");
        Answer has = await subject.PostJsonAsync("/v1/has-many", """{"keys":["has/a","has/b","has/empty","has/a"]}""");
        has.Status.ShouldBe(200);
        has.MediaType.ShouldBe("application/json");
        has.Text.ShouldBe("""{"found":[true,false,true,true]}""");
    }

    [Fact]
    public async Task No_keys_have_no_answers()
    {
        (await subject.PostJsonAsync("/v1/get-many", """{"keys":[]}""")).Text.ShouldBe("""{"entries":[]}""");
        (await subject.PostJsonAsync("/v1/has-many", """{ "keys" : [ ] }""")).Text.ShouldBe("""{"found":[]}""");
    }

    [Theory]
    [InlineData("hex", "65ff", "56ff")]
    [InlineData("base64", "Zf8=", "Vv8=")]
    [InlineData("base64url", "Zf8", "Vv8")]
    public async Task Keys_and_values_have_the_requested_encoding(string encoding, string key, string value)
    {
        await subject.PutAsync("/v1/kv/65ff?keyEncoding=hex", [0x56, 0xff]);
        Answer got = await subject.PostJsonAsync($"/v1/get-many?keyEncoding={encoding}&valueEncoding={encoding}",
            $$"""{"keys":["{{key}}"]}""");
        got.Text.ShouldBe($$"""{"entries":[{"key":"{{key}}","value":"{{value}}"}]}""");
        (await subject.PostJsonAsync($"/v1/has-many?keyEncoding={encoding}", $$"""{"keys":["{{key}}"]}""")).Text
            .ShouldBe("""{"found":[true]}""");
    }

    [Theory]
    [InlineData("", "LEVEL_INVALID_REQUEST")]
    [InlineData("[]", "LEVEL_INVALID_REQUEST")]
    [InlineData("null", "LEVEL_INVALID_REQUEST")]
    [InlineData("{}", "LEVEL_INVALID_REQUEST")]
    [InlineData("""{"keys":null}""", "LEVEL_INVALID_REQUEST")]
    [InlineData("""{"keys":"a"}""", "LEVEL_INVALID_REQUEST")]
    [InlineData("""{"keys":[],"keys":[]}""", "LEVEL_INVALID_REQUEST")]
    [InlineData("""{"keys":[],"kyes":[]}""", "LEVEL_INVALID_REQUEST")]
    [InlineData("""{"Keys":[]}""", "LEVEL_INVALID_REQUEST")]
    [InlineData("""{"\ud800":[]}""", "LEVEL_INVALID_REQUEST")]
    [InlineData("""{"keys":[]} x""", "LEVEL_INVALID_REQUEST")]
    [InlineData("""{"keys":[]}{}""", "LEVEL_INVALID_REQUEST")]
    [InlineData("""{"keys":["a",]}""", "LEVEL_INVALID_REQUEST")]
    [InlineData("""{"keys":["a"]""", "LEVEL_INVALID_REQUEST")]
    [InlineData("""{"keys":["a" /* b */]}""", "LEVEL_INVALID_REQUEST")]
    [InlineData("""{"keys":[1]}""", "LEVEL_INVALID_KEY")]
    [InlineData("""{"keys":[null]}""", "LEVEL_INVALID_KEY")]
    [InlineData("""{"keys":[["a"]]}""", "LEVEL_INVALID_KEY")]
    [InlineData("""{"keys":["\udc00"]}""", "LEVEL_INVALID_KEY")]
    public async Task A_body_that_is_not_one_list_of_keys_is_refused(string body, string code)
    {
        (await subject.PostJsonAsync("/v1/get-many", body)).ShouldBeProblem(400, code);
        (await subject.PostJsonAsync("/v1/has-many", body)).ShouldBeProblem(400, code);
    }

    [Fact]
    public async Task An_unknown_member_is_named() =>
        (await subject.PostJsonAsync("/v1/get-many", """{"kyes":["a"]}""")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST")
            .ShouldContain("kyes");

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_refused_in_a_body()
    {
        byte[] body = [.. """{"keys":["a"""u8, 0xff, .. "\"]}"u8];
        (await subject.PostJsonAsync("/v1/get-many", body)).ShouldBeProblem(400, "LEVEL_INVALID_KEY");
    }

    [Fact]
    public async Task A_body_of_only_brackets_is_refused()
    {
        byte[] body = Encoding.ASCII.GetBytes("""{"keys":""" + new string('[', 1_000_000));
        (await subject.PostJsonAsync("/v1/has-many", body)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task An_escaped_key_is_the_same_key_in_every_encoding()
    {
        await subject.FillAsync("escaped/key/of/some/length");
        string hex = Convert.ToHexStringLower("escaped/key/of/some/length"u8);
        string escaped = string.Concat(hex.Select(character => $"\\u{(int)character:x4}"));
        (await subject.PostJsonAsync("/v1/has-many?keyEncoding=hex", $$"""{"keys":["{{escaped}}"]}""")).Text
            .ShouldBe("""{"found":[true]}""");
        (await subject.PostJsonAsync("/v1/has-many", """{"keys":["escaped\/key\/of\/\u0073ome\/length"]}""")).Text
            .ShouldBe("""{"found":[true]}""");
    }

    [Fact]
    public async Task A_hundred_thousand_keys_fit_in_one_request()
    {
        await subject.FillAsync("hundred/5");
        string keys = string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"hundred/{i}\""));
        Answer has = await subject.PostJsonAsync("/v1/has-many", $$"""{"keys":[{{keys}}]}""");
        bool[] found = [.. has.Json.GetProperty("found").EnumerateArray().Select(item => item.GetBoolean())];
        found.Length.ShouldBe(100_000);
        found.Count(item => item).ShouldBe(1);
        found[5].ShouldBeTrue();
    }

    [Fact]
    public async Task Get_many_has_the_same_order_and_null_for_missing_entries()
    {
        await subject.FillAsync("me/a", "me/b");
        string before = await SnapshotAsync();
        await subject.AskAsync("PUT /v1/kv/me/a", "new");
        (await subject.AskJsonAsync("POST /v1/get-many", """{"keys":["me/b","me/none","me/a","me/b"]}""")).Body
            .ShouldBe("""{"entries":[{"key":"me/b","value":"me/b"},null,{"key":"me/a","value":"new"},{"key":"me/b","value":"me/b"}]}""");
        (await subject.AskJsonAsync($"POST /v1/get-many?snapshot={before}", """{"keys":["me/a"]}""")).Body
            .ShouldBe("""{"entries":[{"key":"me/a","value":"me/a"}]}""");
    }

    [Fact]
    public async Task Has_many_reads_from_a_snapshot()
    {
        string before = await SnapshotAsync();
        await subject.FillAsync("me/has");
        (await subject.AskJsonAsync("POST /v1/has-many", """{"keys":["me/has","me/none"]}""")).Body.ShouldBe("""{"found":[true,false]}""");
        (await subject.AskJsonAsync($"POST /v1/has-many?snapshot={before}", """{"keys":["me/has"]}""")).Body
            .ShouldBe("""{"found":[false]}""");
    }

    private async Task<string> SnapshotAsync() => (await subject.AskAsync("POST /v1/snapshots")).Json.GetProperty("id").GetString()!;
}
