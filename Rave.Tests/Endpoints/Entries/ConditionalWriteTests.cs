
namespace Rave.Tests.Endpoints;

public abstract class ConditionalWriteTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : ConditionalWriteTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : ConditionalWriteTests(gateway), IClassFixture<SharedGateway>;

    [Fact]
    public async Task If_match_writes_only_if_the_value_is_unchanged()
    {
        await subject.PutAsync("/v1/kv/still", "1");
        Answer put = await subject.PutAsync("/v1/kv/still", "2", ("If-Match", Tags.Of("1")));
        put.Status.ShouldBe(204);
        put.Headers["ETag"].ShouldBe([Tags.Of("2")]);
        Answer refused = await subject.PutAsync("/v1/kv/still", "3", ("If-Match", Tags.Of("1")));
        refused.ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED").ShouldContain("'still'");
        refused.Headers["ETag"].ShouldBeEmpty();
        (await subject.DeleteAsync("/v1/kv/still", ("If-Match", Tags.Of("1")))).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.GetAsync("/v1/kv/still")).Text.ShouldBe("2");
        (await subject.DeleteAsync("/v1/kv/still?sync=true", ("If-Match", Tags.Of("2")))).Status.ShouldBe(204);
        (await subject.PutAsync("/v1/kv/still", "4", ("If-Match", Tags.Of("2")))).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.GetAsync("/v1/kv/still")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task If_match_any_writes_only_if_the_key_exists()
    {
        (await subject.PutAsync("/v1/kv/any", "1", ("If-Match", "*"))).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.DeleteAsync("/v1/kv/any", ("If-Match", "*"))).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.GetAsync("/v1/kv/any")).Status.ShouldBe(404);
        await subject.PutAsync("/v1/kv/any", "");
        (await subject.PutAsync("/v1/kv/any", "2", ("If-Match", "*"))).Status.ShouldBe(204);
        (await subject.DeleteAsync("/v1/kv/any", ("If-Match", "*"))).Status.ShouldBe(204);
    }

    [Fact]
    public async Task If_none_match_any_writes_only_if_the_key_does_not_exist()
    {
        (await subject.PutAsync("/v1/kv/absent?sync=true", "", ("If-None-Match", "*"))).Status.ShouldBe(204);
        (await subject.PutAsync("/v1/kv/absent?sync=true", "2", ("If-None-Match", "*"))).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.DeleteAsync("/v1/kv/absent", ("If-None-Match", "*"))).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.GetAsync("/v1/kv/absent")).Text.ShouldBe("");
        await subject.DeleteAsync("/v1/kv/absent");
        (await subject.DeleteAsync("/v1/kv/absent", ("If-None-Match", "*"))).Status.ShouldBe(204);
    }

    [Fact]
    public async Task If_none_match_with_an_etag_writes_only_if_the_value_is_another()
    {
        (await subject.PutAsync("/v1/kv/not", "1", ("If-None-Match", Tags.Of("1")))).Status.ShouldBe(204);
        (await subject.PutAsync("/v1/kv/not", "2", ("If-None-Match", Tags.Of("1")))).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.PutAsync("/v1/kv/not", "2", ("If-None-Match", $"W/{Tags.Of("1")}")))
            .ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.DeleteAsync("/v1/kv/not", ("If-None-Match", $"{Tags.Foreign}, {Tags.Of("1")}")))
            .ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.PutAsync("/v1/kv/not", "2", ("If-None-Match", Tags.Foreign))).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/kv/not")).Text.ShouldBe("2");
    }

    [Fact]
    public async Task A_list_matches_by_any_of_its_tags_but_never_by_a_weak_one()
    {
        await subject.PutAsync("/v1/kv/list", "1");
        (await subject.PutAsync("/v1/kv/list", "2", ("If-Match", $"{Tags.Foreign} ,\t{Tags.Of("1")}"))).Status.ShouldBe(204);
        (await subject.PutAsync("/v1/kv/list", "3", ("If-Match", $"W/{Tags.Of("2")}"))).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.PutAsync("/v1/kv/list", "3", ("If-Match", $"W/{Tags.Of("2")}, {Tags.Of("2")}"))).Status.ShouldBe(204);
        (await subject.PutAsync("/v1/kv/list", "4", ("If-Match", "\"abc\""))).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.GetAsync("/v1/kv/list")).Text.ShouldBe("3");
    }

    [Fact]
    public async Task Both_headers_must_hold()
    {
        await subject.PutAsync("/v1/kv/both", "1");
        (await subject.PutAsync("/v1/kv/both", "2", ("If-Match", "*"), ("If-None-Match", Tags.Of("1"))))
            .ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.PutAsync("/v1/kv/both", "2", ("If-Match", Tags.Foreign), ("If-None-Match", Tags.Foreign)))
            .ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.PutAsync("/v1/kv/both", "2", ("If-Match", "*"), ("If-None-Match", Tags.Of("2")))).Status.ShouldBe(204);
        (await subject.PutAsync("/v1/kv/both", "3", ("If-Match", "*"), ("If-None-Match", "*")))
            .ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("\"abc")]
    [InlineData("abc\"")]
    [InlineData("\"a\" \"b\"")]
    [InlineData("\"a\"b")]
    [InlineData("\"a\";q=1")]
    [InlineData("\"a b\"")]
    [InlineData("w/\"a\"")]
    [InlineData("W/ \"a\"")]
    [InlineData("W/")]
    [InlineData("W/*")]
    [InlineData("'a'")]
    [InlineData("\"")]
    [InlineData(",")]
    [InlineData(" , ,")]
    [InlineData("**")]
    [InlineData("*, \"a\"")]
    [InlineData("\"a\", *")]
    [InlineData("\"*")]
    [InlineData("\"a\", abc")]
    public async Task Any_other_text_is_refused_and_nothing_is_written(string text)
    {
        await subject.PutAsync("/v1/kv/kept", "1");
        foreach (string header in (string[])["If-Match", "If-None-Match"])
        {
            (await subject.PutAsync("/v1/kv/kept", "2", (header, text))).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST")
                .ShouldContain($"'{header}'");
            (await subject.DeleteAsync("/v1/kv/kept", (header, text))).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
            (await subject.GetAsync("/v1/kv/kept", (header, text))).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
        }

        (await subject.GetAsync("/v1/kv/kept")).Text.ShouldBe("1");
    }

    [Theory]
    [InlineData("GET", "/v1/entries")]
    [InlineData("DELETE", "/v1/entries?prefix=kept")]
    [InlineData("POST", "/v1/batch")]
    [InlineData("POST", "/v1/get-many")]
    [InlineData("POST", "/v1/has-many")]
    [InlineData("GET", "/v1/count")]
    [InlineData("GET", "/v1/status")]
    [InlineData("GET", "/healthz")]
    [InlineData("POST", "/v1/leader/step-down")]
    public async Task A_route_without_preconditions_refuses_them(string method, string target)
    {
        await subject.PutAsync("/v1/kv/kept", "1");
        foreach (string header in (string[])["If-Match", "If-None-Match", "if-none-match", "If-Unmodified-Since"])
        {
            (await subject.SendAsync(method, target, null, (header, "*"))).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST")
                .ShouldContain(header, Case.Insensitive);
        }

        (await subject.GetAsync("/v1/kv/kept")).Text.ShouldBe("1");
    }

    [Fact]
    public async Task A_precondition_by_time_is_refused()
    {
        await subject.PutAsync("/v1/kv/kept", "1");
        (await subject.PutAsync("/v1/kv/kept", "2", ("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT")))
            .ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
        (await subject.GetAsync("/v1/kv/kept")).Text.ShouldBe("1");
    }

    [Fact]
    public async Task A_part_of_a_value_never_replaces_the_whole()
    {
        await subject.PutAsync("/v1/kv/kept", "1");
        ByteArrayContent part = new([1, 2, 3]) { Headers = { { "Content-Range", "bytes 0-2/10" } } };
        (await subject.SendAsync("PUT", "/v1/kv/kept", part)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST").ShouldContain("Content-Range");
        (await subject.GetAsync("/v1/kv/kept")).Text.ShouldBe("1");
    }

    [Fact]
    public async Task A_header_is_not_a_query_parameter() =>
        (await subject.PutAsync("/v1/kv/kept?If-Match=*", "2")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST").ShouldContain("'If-Match'");

    [Theory]
    [InlineData("PUT", "If-Match: \"other\"")]
    [InlineData("PUT", "If-None-Match: *")]
    [InlineData("DELETE", "If-Match: \"other\"")]
    [InlineData("DELETE", "If-None-Match: *")]
    public async Task Put_and_delete_are_412_if_a_precondition_fails(string method, string header)
    {
        await subject.AskAsync("PUT /v1/kv/oe/412", "1");
        (await subject.AskAsync($"{method} /v1/kv/oe/412", "2", header)).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.AskAsync("GET /v1/kv/oe/412")).Body.ShouldBe("1");
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
    public async Task A_write_happens_only_if_its_precondition_holds(string header, string tags, int status)
    {
        await subject.AskAsync("PUT /v1/kv/oe/if", "1");
        string text = tags.Replace("other", Tags.Foreign, StringComparison.Ordinal).Replace("1", Tags.Of("1"), StringComparison.Ordinal)
            .Replace("weak", "W/" + Tags.Of("1"), StringComparison.Ordinal);
        // A foreign tag has only zeros, so the replacement above does not change it.
        (await subject.AskAsync("PUT /v1/kv/oe/if", "2", $"{header}: {text}")).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("If-Match: *", 412)]
    [InlineData("If-None-Match: *", 204)]
    public async Task A_star_asks_whether_the_key_exists(string header, int status)
    {
        await subject.AskAsync("DELETE /v1/kv/oe/star");
        (await subject.AskAsync("PUT /v1/kv/oe/star", "", header)).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("If-Match:")]
    [InlineData("If-None-Match:")]
    public async Task A_header_without_a_tag_is_400(string header)
    {
        foreach (string method in (string[])["GET", "PUT", "DELETE"])
        {
            (await subject.AskAsync($"{method} /v1/kv/oe/text", "x", header)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
        }

        (await subject.AskAsync("GET /v1/kv/oe/text")).Status.ShouldBe(404);
    }
}
