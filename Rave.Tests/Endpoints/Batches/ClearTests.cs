
namespace Rave.Tests.Endpoints;

public abstract class ClearTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : ClearTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : ClearTests(gateway), IClassFixture<SharedGateway>;

    [Theory]
    [InlineData("prefix=x/", "")]
    [InlineData("prefix=x/b", "x/a x/c x/d")]
    [InlineData("gte=x/b&lt=x/d", "x/a x/d")]
    [InlineData("gt=x/b&prefix=x/", "x/a x/b")]
    [InlineData("gt=x/bb&lte=x/d", "x/a x/b x/bb")]
    [InlineData("prefix=x/&limit=2", "x/bb x/c x/d")]
    [InlineData("prefix=x/&limit=2&reverse=true", "x/a x/b x/bb")]
    [InlineData("prefix=x/&limit=0", "x/a x/b x/bb x/c x/d")]
    [InlineData("prefix=x/&limit=-1&sync=true", "")]
    [InlineData("prefix=782f62&keyEncoding=hex", "x/a x/c x/d")]
    [InlineData("gte=x/z&lt=x/zz", "x/a x/b x/bb x/c x/d")]
    [InlineData("gte=x/d&lt=x/a", "x/a x/b x/bb x/c x/d")]
    [InlineData("prefix=x/a&all=false", "x/b x/bb x/c x/d")]
    public async Task A_clear_deletes_only_its_range(string query, string left)
    {
        await subject.FillAsync("w", "x/a", "x/b", "x/bb", "x/c", "x/d", "y");
        Answer cleared = await subject.DeleteAsync("/v1/entries?" + query);
        cleared.Status.ShouldBe(204);
        cleared.Bytes.ShouldBeEmpty();
        (await subject.GetAsync("/v1/entries?gte=w&lte=y")).Keys.ShouldBe(left.Length == 0 ? "w y" : $"w {left} y");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("?prefix=")]
    [InlineData("?all=false")]
    [InlineData("?limit=1")]
    [InlineData("?reverse=true")]
    [InlineData("?keyEncoding=hex&prefix=")]
    [InlineData("?keyEncoding=hex")]
    [InlineData("?limit=10&reverse=true")]
    public async Task A_clear_without_a_range_is_refused(string query)
    {
        await subject.FillAsync("kept");
        (await subject.DeleteAsync("/v1/entries" + query)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST").ShouldContain("all=true");
        (await subject.GetAsync("/v1/kv/kept")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_clear_of_everything_needs_all_true()
    {
        await using HttpSubject other = await subject.AnotherAsync();
        await other.FillAsync("", "a", "b", "c");
        await other.PutAsync("/v1/kv/fffe?keyEncoding=hex", "x");
        (await other.DeleteAsync("/v1/entries?all=true&limit=1&reverse=true")).Status.ShouldBe(204);
        (await other.GetAsync("/v1/count")).Text.ShouldBe("""{"count":4}""");
        (await other.DeleteAsync("/v1/entries?all=true")).Status.ShouldBe(204);
        (await other.GetAsync("/v1/count")).Text.ShouldBe("""{"count":0}""");
        (await other.DeleteAsync("/v1/entries?all=true")).Status.ShouldBe(204);
    }

    [Theory]
    [InlineData("", 25_001)]
    [InlineData("&limit=15000", 15_000)]
    [InlineData("&limit=20000&reverse=true", 20_000)]
    public async Task A_clear_of_several_chunks_deletes_the_right_number(string query, int deleted)
    {
        await subject.FillAsync(Enumerable.Range(0, 25_001).Select(i => $"chunks/{i:d5}"));
        (await subject.DeleteAsync("/v1/entries?prefix=chunks/" + query)).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/count?prefix=chunks/")).Text.ShouldBe($$"""{"count":{{25_001 - deleted}}}""");
        if (deleted < 25_001)
        {
            string first = query.Contains("reverse", StringComparison.Ordinal) ? "chunks/00000" : $"chunks/{deleted:d5}";
            (await subject.GetAsync("/v1/entries?prefix=chunks/&limit=1")).Keys.ShouldBe(first);
        }
    }

    [Theory]
    [InlineData("gt=md/a&lt=md/c", "md/a md/c")]
    [InlineData("gte=md/b&lte=md/c", "md/a")]
    [InlineData("prefix=md/", "")]
    [InlineData("prefix=md/&limit=2", "md/c")]
    [InlineData("prefix=md/&limit=2&reverse=true", "md/a")]
    [InlineData("prefix=md/&limit=0", "md/a md/b md/c")]
    public async Task Delete_entries_clears_a_range(string query, string left)
    {
        await subject.FillAsync("md/a", "md/b", "md/c");
        (await subject.AskAsync($"DELETE /v1/entries?{query}")).Status.ShouldBe(204);
        (await subject.AskAsync("GET /v1/entries?prefix=md/")).Keys.ShouldBe(left);
    }
}
