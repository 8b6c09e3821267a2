using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

// ETags, and the conditions of a GET or HEAD.
public abstract class ETagTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : ETagTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : ETagTests(gateway), IClassFixture<SharedGateway>;

    [Theory]
    [InlineData("world", "\"486ea46224d1bb4fb680f34f7c9ad96a\"")]
    [InlineData("", "\"e3b0c44298fc1c149afbf4c8996fb924\"")]
    public async Task An_etag_is_half_of_the_sha_256_of_the_value_in_hex(string value, string etag)
    {
        (await subject.PutAsync("/v1/kv/known", value)).Headers["ETag"].ShouldBe([etag]);
        (await subject.GetAsync("/v1/kv/known")).Headers["ETag"].ShouldBe([etag]);
        (await subject.SendAsync("HEAD", "/v1/kv/known")).Headers["ETag"].ShouldBe([etag]);
    }

    [Fact]
    public async Task The_same_value_has_the_same_etag_again()
    {
        string first = (await subject.PutAsync("/v1/kv/returns", "1")).Headers["ETag"].Single();
        (await subject.PutAsync("/v1/kv/returns", "2")).Headers["ETag"].ShouldNotBe([first]);
        (await subject.PutAsync("/v1/kv/returns", "1")).Headers["ETag"].ShouldBe([first]);
        (await subject.PutAsync("/v1/kv/another-key", "1")).Headers["ETag"].ShouldBe([first]);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task If_none_match_with_the_etag_is_304_without_a_body(string method)
    {
        await subject.PutAsync("/v1/kv/unmodified", "v");
        string etag = Tags.Of("v");
        foreach (string text in (string[])[etag, "*", $"W/{etag}", $"{Tags.Foreign}, {etag}", $"{Tags.Foreign},,\t{etag} ,",
            $"\"a,b\",{etag}"])
        {
            Answer same = await subject.SendAsync(method, "/v1/kv/unmodified", null, ("If-None-Match", text));
            same.Status.ShouldBe(304, text);
            same.Bytes.ShouldBeEmpty();
            same.Headers["ETag"].ShouldBe([etag]);
        }
    }

    [Fact]
    public async Task If_none_match_with_other_etags_is_the_value()
    {
        await subject.PutAsync("/v1/kv/modified", "v");
        foreach (string text in (string[])[Tags.Foreign, "\"\"", $"W/{Tags.Foreign}", $"\"{Tags.Of("v")[1..^2]}\"",
            Tags.Of("v").ToUpperInvariant()])
        {
            Answer got = await subject.GetAsync("/v1/kv/modified", ("If-None-Match", text));
            got.Status.ShouldBe(200, text);
            got.Text.ShouldBe("v");
        }

        // The two bytes of é, which HttpClient would not send.
        (await RawHttp.SendAsync(subject.SocketPath, "GET", "/v1/kv/modified", "If-None-Match: \"\u00c3\u00a9\"")).Status.ShouldBe(200);
        (await subject.GetAsync("/v1/kv/not-there", ("If-None-Match", "*"))).ShouldBeProblem(404, "LEVEL_NOT_FOUND");
        (await subject.GetAsync("/v1/kv/not-there", ("If-None-Match", Tags.Foreign))).ShouldBeProblem(404, "LEVEL_NOT_FOUND");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task If_match_on_a_read_is_412_if_not(string method)
    {
        await subject.PutAsync("/v1/kv/matched", "v");
        string etag = Tags.Of("v");
        foreach (string text in (string[])[etag, "*", $"{Tags.Foreign}, {etag}", $"W/{Tags.Foreign} , {etag}"])
        {
            (await subject.SendAsync(method, "/v1/kv/matched", null, ("If-Match", text))).Status.ShouldBe(200, text);
        }

        foreach (string text in (string[])[Tags.Foreign, $"W/{etag}", $"W/{etag}, {Tags.Foreign}"])
        {
            Answer refused = await subject.SendAsync(method, "/v1/kv/matched", null, ("If-Match", text));
            refused.Status.ShouldBe(412, text);
            refused.MediaType.ShouldBe("application/problem+json");
        }

        (await subject.GetAsync("/v1/kv/not-there", ("If-Match", "*"))).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.GetAsync("/v1/kv/matched", ("If-Match", Tags.Foreign), ("If-None-Match", etag)))
            .ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.SendAsync(method, "/v1/kv/matched", null, ("If-Match", etag), ("If-None-Match", etag))).Status.ShouldBe(304);
    }

    [Fact]
    public async Task Several_header_lines_are_one_list()
    {
        await subject.PutAsync("/v1/kv/lines", "v");
        string etag = Tags.Of("v");
        RawResponse same = await RawHttp.SendAsync(subject.SocketPath, "GET", "/v1/kv/lines", $"If-None-Match: {Tags.Foreign}",
            $"If-None-Match: {etag}");
        same.Status.ShouldBe(304);
        same.Body.ShouldBeEmpty();
        same.Head.ShouldContain($"ETag: {etag}");
        (await RawHttp.SendAsync(subject.SocketPath, "GET", "/v1/kv/lines", $"If-Match: {Tags.Foreign}", $"If-Match: {etag}")).Status
            .ShouldBe(200);
        (await RawHttp.SendAsync(subject.SocketPath, "GET", "/v1/kv/lines", "If-Match: *", $"If-Match: {etag}")).Status.ShouldBe(400);
        (await RawHttp.SendAsync(subject.SocketPath, "GET", "/v1/kv/lines", "If-Match: *", "If-Match: *")).Status.ShouldBe(400);
        (await RawHttp.SendAsync(subject.SocketPath, "GET", "/v1/kv/lines", $"If-Match: {etag}", "If-Match: abc")).Status.ShouldBe(400);
        (await RawHttp.SendAsync(subject.SocketPath, "GET", "/v1/kv/lines", $"If-Match: {etag}", "If-Match:")).Status.ShouldBe(200);
        (await RawHttp.SendAsync(subject.SocketPath, "GET", "/v1/kv/lines", "If-Match:")).Status.ShouldBe(400);
        (await RawHttp.SendAsync(subject.SocketPath, "GET", "/v1/kv/lines", "If-None-Match:")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task An_entry_of_a_page_has_its_etag_if_requested()
    {
        await subject.PutAsync("/v1/kv/tagged/a", "1");
        await subject.PutAsync("/v1/kv/tagged/b", "2");
        string first = Tags.Of("1").InJson();
        string second = Tags.Of("2").InJson();
        (await subject.GetAsync("/v1/entries?prefix=tagged/&etags=true")).Text
            .ShouldBe($$"""{"entries":[{"key":"tagged/a","value":"1","etag":"{{first}}"},"""
                + $$"""{"key":"tagged/b","value":"2","etag":"{{second}}"}],"continuation":null}""");
        (await subject.GetAsync("/v1/entries?prefix=tagged/&etags=true&values=false")).Text
            .ShouldBe($$"""{"entries":[{"key":"tagged/a","etag":"{{first}}"},"""
                + $$"""{"key":"tagged/b","etag":"{{second}}"}],"continuation":null}""");
        (await subject.GetAsync("/v1/entries?prefix=tagged/&etags=true&values=false&keys=false&limit=1")).Text
            .ShouldBe($$"""{"entries":[{"etag":"{{first}}"}],"continuation":null}""");
        (await subject.GetAsync("/v1/entries?prefix=tagged/&etags=false&limit=1")).Text
            .ShouldBe("""{"entries":[{"key":"tagged/a","value":"1"}],"continuation":null}""");
    }

    [Fact]
    public async Task A_token_keeps_that_etags_were_requested()
    {
        await subject.PutAsync("/v1/kv/more/a", "1");
        await subject.PutAsync("/v1/kv/more/b", "2");
        Answer page = await subject.GetAsync("/v1/entries?prefix=more/&etags=true&values=false&pageSize=1");
        (await subject.GetAsync($"/v1/entries?continuation={page.Continuation}")).Text
            .ShouldBe($$"""{"entries":[{"key":"more/b","etag":"{{Tags.Of("2").InJson()}}"}],"continuation":null}""");
        (await subject.GetAsync($"/v1/entries?continuation={page.Continuation}&etags=true")).Status.ShouldBe(200);
        (await subject.GetAsync($"/v1/entries?continuation={page.Continuation}&etags=false")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST")
            .ShouldContain("'etags'");
        page = await subject.GetAsync("/v1/entries?prefix=more/&pageSize=1");
        (await subject.GetAsync($"/v1/entries?continuation={page.Continuation}&etags=true")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST")
            .ShouldContain("'etags'");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Get_and_head_are_304_where_if_none_match_matches(string method)
    {
        await subject.AskAsync("PUT /v1/kv/oe/304", "1");
        foreach (string header in (string[])[Tags.Of("1"), "W/" + Tags.Of("1"), $"{Tags.Foreign}, {Tags.Of("1")}", "*"])
        {
            WireAnswer got = await subject.AskAsync($"{method} /v1/kv/oe/304", null, $"If-None-Match: {header}");
            got.Status.ShouldBe(304, header);
            got.Body.ShouldBeEmpty();
            got.Header("ETag").ShouldBe(Tags.Of("1"));
        }

        (await subject.AskAsync($"{method} /v1/kv/oe/304", null, $"If-None-Match: {Tags.Foreign}")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Put_is_204_with_the_new_etag()
    {
        WireAnswer put = await subject.AskAsync("PUT /v1/kv/oe/put?sync=true", "\0\u00ff\r\n");
        put.Status.ShouldBe(204);
        put.Body.ShouldBeEmpty();
        put.Header("ETag").ShouldBe(Tags.Of([0, 255, 13, 10]));
        (await subject.AskAsync("GET /v1/kv/oe/put")).Body.ShouldBe("\0\u00ff\r\n");
    }

    [Fact]
    public async Task If_match_on_a_get_is_412_if_not()
    {
        await subject.AskAsync("PUT /v1/kv/oe/get-if", "1");
        (await subject.AskAsync("GET /v1/kv/oe/get-if", null, $"If-Match: {Tags.Foreign}"))
            .ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.AskAsync("GET /v1/kv/oe/get-if", null, $"If-Match: {Tags.Of("1")}")).Status.ShouldBe(200);
    }
}
