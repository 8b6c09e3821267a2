using Rave.Tests.Endpoints;

namespace Rave.Tests.Contract;

// Retries that apply once.
[Collection(ContractSuite.Name)]
public sealed class RetryTests(ContractLeader leader)
{
    [Fact]
    public async Task N_equal_to_the_last_is_that_outcome_again_and_nothing_is_applied()
    {
        string key = Key("retry-equal-0000", 1);
        (await leader.AskAsync("PUT /v1/kv/re/equal", "1", key)).Header("ETag").ShouldBe(Tags.Of("1"));
        await leader.AskAsync("PUT /v1/kv/re/equal", "somebody else's");
        WireAnswer again = await leader.AskAsync("PUT /v1/kv/re/equal", "1", key);
        again.Status.ShouldBe(204);
        again.Header("ETag").ShouldBe(Tags.Of("1"));
        (await leader.AskAsync("GET /v1/kv/re/equal")).Body.ShouldBe("somebody else's");
    }

    [Fact]
    public async Task N_below_the_last_is_409()
    {
        await leader.AskAsync("PUT /v1/kv/re/below", "2", Key("retry-below-0000", 2));
        (await leader.AskAsync("PUT /v1/kv/re/below", "1", Key("retry-below-0000", 1))).ShouldBeProblem(409, "LEVEL_STALE_RETRY");
        (await leader.AskAsync("GET /v1/kv/re/below")).Body.ShouldBe("2");
    }

    [Fact]
    public async Task A_refused_write_is_decided_and_its_late_duplicate_is_not_executed()
    {
        string key = Key("retry-refused-00", 1);
        (await leader.AskAsync("PUT /v1/kv/re/refused", "1", key, $"If-Match: {Tags.Foreign}")).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await leader.AskAsync("PUT /v1/kv/re/refused", "1", key)).Status.ShouldBeGreaterThanOrEqualTo(400);
        (await leader.AskAsync("GET /v1/kv/re/refused")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("DELETE /v1/kv/re/any/a", null)]
    [InlineData("POST /v1/batch", "[{\"type\":\"del\",\"key\":\"re/any/a\"}]")]
    [InlineData("DELETE /v1/entries?prefix=re/any/", null)]
    public async Task Any_write_takes_it(string request, string? body)
    {
        string key = Key($"retry-any-{(uint)request.GetHashCode(StringComparison.Ordinal):x8}", 1);
        await leader.FillAsync("re/any/a");
        (await leader.AskAsync(request, body, ContractLeader.Json, key)).Status.ShouldBe(204);
        await leader.FillAsync("re/any/a");
        (await leader.AskAsync(request, body, ContractLeader.Json, key)).Status.ShouldBe(204);
        (await leader.AskAsync("GET /v1/kv/re/any/a")).Status.ShouldBe(200, "the second attempt did nothing");
    }

    [Theory]
    [InlineData("short;1")]
    [InlineData("0123456789abcdef")]
    [InlineData("0123456789abcdef;")]
    [InlineData("0123456789abcdef;x")]
    [InlineData("0123456789abcde!;1")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0;1")]
    public async Task A_malformed_key_is_400(string key)
    {
        (await leader.AskAsync("PUT /v1/kv/re/malformed", "1", $"Idempotency-Key: {key}")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
        (await leader.AskAsync("GET /v1/kv/re/malformed")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("GET /v1/entries?gte=ffff726176650000&lt=ffff726176650100&keyEncoding=hex", "{\"entries\":[],\"continuation\":null}")]
    [InlineData("GET /v1/count?gte=ffff72617665&keyEncoding=hex", "{\"count\":0}")]
    public async Task Records_are_shown_by_no_read(string request, string answer)
    {
        await leader.AskAsync("PUT /v1/kv/re/hidden", "1", Key("retry-hidden-000", 1));
        (await leader.AskAsync(request)).Body.ShouldBe(answer);
    }

    [Fact]
    public async Task The_reserved_range_is_touched_by_no_write() =>
        (await leader.AskAsync("PUT /v1/kv/ffff7261766500?keyEncoding=hex", "1")).ShouldBeProblem(400, "LEVEL_INVALID_KEY");

    private static string Key(string session, int n) => $"Idempotency-Key: {session};{n}";
}
