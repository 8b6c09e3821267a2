using Rave.Tests.Endpoints;

namespace Rave.Tests.Contract;

[Collection(ContractSuite.Name)]
public sealed class OneEntryTests(ContractLeader leader)
{
    [Theory]
    [InlineData("GET", "world")]
    [InlineData("HEAD", "")]
    public async Task Get_and_head_are_200_with_the_value_as_it_is(string method, string body)
    {
        await leader.AskAsync("PUT /v1/kv/oe/get", "world");
        WireAnswer got = await leader.AskAsync($"{method} /v1/kv/oe/get");
        got.Status.ShouldBe(200);
        got.Body.ShouldBe(body);
        got.Header("Content-Type").ShouldBe("application/octet-stream");
        got.Header("Content-Length").ShouldBe("5");
        got.Header("ETag").ShouldBe("\"486ea46224d1bb4fb680f34f7c9ad96a\"");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Get_and_head_are_304_where_if_none_match_matches(string method)
    {
        await leader.AskAsync("PUT /v1/kv/oe/304", "1");
        foreach (string header in (string[])[Tags.Of("1"), "W/" + Tags.Of("1"), $"{Tags.Foreign}, {Tags.Of("1")}", "*"])
        {
            WireAnswer got = await leader.AskAsync($"{method} /v1/kv/oe/304", null, $"If-None-Match: {header}");
            got.Status.ShouldBe(304, header);
            got.Body.ShouldBeEmpty();
            got.Header("ETag").ShouldBe(Tags.Of("1"));
        }

        (await leader.AskAsync($"{method} /v1/kv/oe/304", null, $"If-None-Match: {Tags.Foreign}")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Get_and_head_are_404_where_there_is_none()
    {
        (await leader.AskAsync("GET /v1/kv/oe/none")).ShouldBeProblem(404, "LEVEL_NOT_FOUND");
        WireAnswer head = await leader.AskAsync("HEAD /v1/kv/oe/none");
        head.Status.ShouldBe(404);
        head.Body.ShouldBeEmpty();
    }

    [Fact]
    public async Task Get_reads_from_a_snapshot()
    {
        await leader.AskAsync("PUT /v1/kv/oe/snapshot", "before");
        string id = (await leader.AskAsync("POST /v1/snapshots")).Json.GetProperty("id").GetString()!;
        await leader.AskAsync("PUT /v1/kv/oe/snapshot", "after");
        (await leader.AskAsync($"GET /v1/kv/oe/snapshot?snapshot={id}")).Body.ShouldBe("before");
    }

    [Fact]
    public async Task Put_is_204_with_the_new_etag()
    {
        WireAnswer put = await leader.AskAsync("PUT /v1/kv/oe/put?sync=true", "\0\u00ff\r\n");
        put.Status.ShouldBe(204);
        put.Body.ShouldBeEmpty();
        put.Header("ETag").ShouldBe(Tags.Of([0, 255, 13, 10]));
        (await leader.AskAsync("GET /v1/kv/oe/put")).Body.ShouldBe("\0\u00ff\r\n");
    }

    [Fact]
    public async Task Delete_is_204_also_when_the_key_was_not_there()
    {
        await leader.FillAsync("oe/delete");
        (await leader.AskAsync("DELETE /v1/kv/oe/delete?sync=true")).Status.ShouldBe(204);
        (await leader.AskAsync("GET /v1/kv/oe/delete")).Status.ShouldBe(404);
        (await leader.AskAsync("DELETE /v1/kv/oe/delete")).Status.ShouldBe(204);
    }

    [Theory]
    [InlineData("PUT", "If-Match: \"other\"")]
    [InlineData("PUT", "If-None-Match: *")]
    [InlineData("DELETE", "If-Match: \"other\"")]
    [InlineData("DELETE", "If-None-Match: *")]
    public async Task Put_and_delete_are_412_where_a_precondition_fails(string method, string header)
    {
        await leader.AskAsync("PUT /v1/kv/oe/412", "1");
        (await leader.AskAsync($"{method} /v1/kv/oe/412", "2", header)).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await leader.AskAsync("GET /v1/kv/oe/412")).Body.ShouldBe("1");
    }

    [Fact]
    public async Task A_value_that_returns_returns_its_etag()
    {
        string first = (await leader.AskAsync("PUT /v1/kv/oe/returns", "1")).Header("ETag");
        (await leader.AskAsync("PUT /v1/kv/oe/returns", "2")).Header("ETag").ShouldNotBe(first);
        (await leader.AskAsync("PUT /v1/kv/oe/returns", "1")).Header("ETag").ShouldBe(first);
    }

    [Theory]
    [InlineData("If-Match", "1", 204)]
    [InlineData("If-Match", "*", 204)]
    [InlineData("If-Match", "other", 412)]
    [InlineData("If-Match", "other, 1", 204)]
    [InlineData("If-Match", "weak", 412)]
    [InlineData("If-None-Match", "1", 412)]
    [InlineData("If-None-Match", "*", 412)]
    [InlineData("If-None-Match", "other", 204)]
    [InlineData("If-None-Match", "other, weak", 412)]
    public async Task A_write_happens_only_if_its_header_says_so(string header, string tags, int status)
    {
        await leader.AskAsync("PUT /v1/kv/oe/if", "1");
        string text = tags.Replace("other", Tags.Foreign, StringComparison.Ordinal).Replace("1", Tags.Of("1"), StringComparison.Ordinal)
            .Replace("weak", "W/" + Tags.Of("1"), StringComparison.Ordinal);
        // A foreign tag is made of zeros alone, so that the replacement above leaves it as it is.
        (await leader.AskAsync("PUT /v1/kv/oe/if", "2", $"{header}: {text}")).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("If-Match: *", 412)]
    [InlineData("If-None-Match: *", 204)]
    public async Task A_star_asks_whether_the_key_exists(string header, int status)
    {
        await leader.AskAsync("DELETE /v1/kv/oe/star");
        (await leader.AskAsync("PUT /v1/kv/oe/star", "", header)).Status.ShouldBe(status);
    }

    [Fact]
    public async Task If_match_on_a_get_is_412_if_not()
    {
        await leader.AskAsync("PUT /v1/kv/oe/get-if", "1");
        (await leader.AskAsync("GET /v1/kv/oe/get-if", null, $"If-Match: {Tags.Foreign}")).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await leader.AskAsync("GET /v1/kv/oe/get-if", null, $"If-Match: {Tags.Of("1")}")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("If-Match: abc")]
    [InlineData("If-Match: \"a\" \"b\"")]
    [InlineData("If-Match: *, \"a\"")]
    [InlineData("If-None-Match: w/\"a\"")]
    [InlineData("If-None-Match:")]
    [InlineData("If-None-Match: \"a")]
    public async Task Any_other_text_in_these_headers_is_400(string header)
    {
        foreach (string method in (string[])["GET", "PUT", "DELETE"])
        {
            (await leader.AskAsync($"{method} /v1/kv/oe/text", "x", header)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
        }

        (await leader.AskAsync("GET /v1/kv/oe/text")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Check_and_write_are_one_step()
    {
        int[] statuses = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i => (await leader.AskAsync("PUT /v1/kv/oe/once", $"{i}", "If-None-Match: *")).Status));
        statuses.Order().ShouldBe([204, .. Enumerable.Repeat(412, 15)]);
    }
}
