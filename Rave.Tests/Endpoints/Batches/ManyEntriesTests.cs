using Rave.Tests.Endpoints;

namespace Rave.Tests.Contract;

[Collection(ContractSuite.Name)]
public sealed class ManyEntriesTests(ContractLeader leader)
{
    [Fact]
    public async Task Get_many_has_the_same_order_and_null_where_there_is_none()
    {
        await leader.FillAsync("me/a", "me/b");
        string before = await SnapshotAsync();
        await leader.AskAsync("PUT /v1/kv/me/a", "new");
        (await leader.AskJsonAsync("POST /v1/get-many", """{"keys":["me/b","me/none","me/a","me/b"]}""")).Body
            .ShouldBe("""{"entries":[{"key":"me/b","value":"me/b"},null,{"key":"me/a","value":"new"},{"key":"me/b","value":"me/b"}]}""");
        (await leader.AskJsonAsync($"POST /v1/get-many?snapshot={before}", """{"keys":["me/a"]}""")).Body.ShouldBe("""{"entries":[{"key":"me/a","value":"me/a"}]}""");
    }

    [Fact]
    public async Task Has_many_says_which_keys_there_are()
    {
        string before = await SnapshotAsync();
        await leader.FillAsync("me/has");
        (await leader.AskJsonAsync("POST /v1/has-many", """{"keys":["me/has","me/none"]}""")).Body.ShouldBe("""{"found":[true,false]}""");
        (await leader.AskJsonAsync($"POST /v1/has-many?snapshot={before}", """{"keys":["me/has"]}""")).Body.ShouldBe("""{"found":[false]}""");
    }

    [Fact]
    public async Task Batch_is_204_and_applied_in_order()
    {
        (await leader.AskJsonAsync("POST /v1/batch?sync=true", """
            [{"type":"put","key":"mb/a","value":"1"},{"type":"put","key":"mb/b","value":"1"},{"type":"put","key":"mb/a","value":"2"},{"type":"del","key":"mb/b"}]
            """)).Status.ShouldBe(204);
        (await leader.AskAsync("GET /v1/entries?prefix=mb/")).Body.ShouldContain("""[{"key":"mb/a","value":"2"}]""");
    }

    [Theory]
    [InlineData("""{"type":"merge","key":"x"}""", 400)]
    [InlineData("""{"type":"put","key":"x"}""", 400)]
    [InlineData("""{"type":"check","key":"mb/none","exists":true}""", 412)]
    [InlineData("""{"type":"check","key":"mb/none","etag":"\"00\""}""", 412)]
    public async Task Batch_is_all_or_nothing(string bad, int status)
    {
        WireAnswer refused = await leader.AskJsonAsync("POST /v1/batch", $$"""[{"type":"put","key":"mb/never","value":"1"},{{bad}}]""");
        refused.ShouldBeProblem(status, status == 412 ? "LEVEL_PRECONDITION_FAILED" : "LEVEL_INVALID_BATCH");
        (await leader.AskAsync("GET /v1/kv/mb/never")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Batch_takes_checks()
    {
        await leader.AskAsync("PUT /v1/kv/mc/a", "1");
        (await leader.AskJsonAsync("POST /v1/batch", $$"""
            [{"type":"check","key":"mc/a","etag":"{{Tags.Of("1").InJson()}}"},{"type":"check","key":"mc/b","exists":false},{"type":"put","key":"mc/b","value":"2"}]
            """)).Status.ShouldBe(204);
        (await leader.AskAsync("GET /v1/kv/mc/b")).Body.ShouldBe("2");
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","etag":"\"00\"","exists":true""")]
    [InlineData(""","exists":true,"value":"1" """)]
    [InlineData(""","etag":"00" """)]
    [InlineData(""","exists":null""")]
    public async Task A_check_has_exactly_one_of_etag_and_exists(string members) =>
        (await leader.AskJsonAsync("POST /v1/batch", $$"""[{"type":"check","key":"mc/none"{{members}}}]""")).ShouldBeProblem(400, "LEVEL_INVALID_BATCH");

    [Fact]
    public async Task An_empty_batch_is_a_no_op() => (await leader.AskJsonAsync("POST /v1/batch", "[]")).Status.ShouldBe(204);

    [Theory]
    [InlineData("gt=md/a&lt=md/c", "md/a md/c")]
    [InlineData("gte=md/b&lte=md/c", "md/a")]
    [InlineData("prefix=md/", "")]
    [InlineData("prefix=md/&limit=2", "md/c")]
    [InlineData("prefix=md/&limit=2&reverse=true", "md/a")]
    [InlineData("prefix=md/&limit=0", "md/a md/b md/c")]
    public async Task Delete_entries_clears_a_range(string query, string left)
    {
        await leader.FillAsync("md/a", "md/b", "md/c");
        (await leader.AskAsync($"DELETE /v1/entries?{query}")).Status.ShouldBe(204);
        (await leader.AskAsync("GET /v1/entries?prefix=md/")).Keys.ShouldBe(left);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?prefix=")]
    [InlineData("?all=false")]
    [InlineData("?limit=10&reverse=true")]
    [InlineData("?keyEncoding=hex")]
    public async Task Delete_entries_needs_a_bound_a_prefix_or_all(string query)
    {
        await leader.FillAsync("mu/kept");
        (await leader.AskAsync($"DELETE /v1/entries{query}")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
        (await leader.AskAsync("GET /v1/kv/mu/kept")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Delete_entries_with_a_snapshot_deletes_only_keys_in_it()
    {
        await leader.FillAsync("ms/old");
        string before = await SnapshotAsync();
        await leader.FillAsync("ms/new");
        (await leader.AskAsync($"DELETE /v1/entries?prefix=ms/&snapshot={before}")).Status.ShouldBe(204);
        (await leader.AskAsync("GET /v1/entries?prefix=ms/")).Keys.ShouldBe("ms/new");
    }

    private async Task<string> SnapshotAsync() => (await leader.AskAsync("POST /v1/snapshots")).Json.GetProperty("id").GetString()!;
}
