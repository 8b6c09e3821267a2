
namespace Rave.Tests.Endpoints;

public abstract class RangeEndpointTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : RangeEndpointTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : RangeEndpointTests(gateway), IClassFixture<SharedGateway>;

    [Theory]
    [InlineData("gte=r/b", "r/b r/bb r/c")]
    [InlineData("gt=r/b", "r/bb r/c")]
    [InlineData("lte=r/b", "r/a r/b")]
    [InlineData("lt=r/b", "r/a")]
    [InlineData("gt=r/a&lt=r/c", "r/b r/bb")]
    [InlineData("gte=r/a&lte=r/c", "r/a r/b r/bb r/c")]
    [InlineData("gte=r/b&lte=r/b", "r/b")]
    [InlineData("gt=r/b&lt=r/b", "")]
    [InlineData("gte=r/c&lte=r/a", "")]
    [InlineData("gt=r/b&gte=r/b", "r/b r/bb r/c")]
    [InlineData("gt=r/c&gte=r/b", "r/b r/bb r/c")]
    [InlineData("gt=r/a&gte=r/c", "r/c")]
    [InlineData("lt=r/b&lte=r/b", "r/a r/b")]
    [InlineData("lt=r/a&lte=r/c", "r/a r/b r/bb r/c")]
    [InlineData("lt=r/c&lte=r/a", "r/a")]
    [InlineData("prefix=r/b", "r/b r/bb")]
    [InlineData("prefix=r/b&gt=r/b", "r/bb")]
    [InlineData("prefix=r/b&gte=r/a&lte=r/z", "r/b r/bb")]
    [InlineData("prefix=r/b&lt=r/b", "")]
    [InlineData("prefix=r/x", "")]
    public async Task Bounds_apply_in_both_directions(string query, string keys)
    {
        await subject.FillAsync("r/a", "r/b", "r/bb", "r/c");
        string all = query.Contains("prefix", StringComparison.Ordinal) ? query : query + "&prefix=r/";
        (await subject.GetAsync("/v1/entries?" + all)).Keys.ShouldBe(keys);
        (await subject.GetAsync($"/v1/entries?{all}&reverse=true")).Keys.ShouldBe(string.Join(' ', keys.Split(' ').Reverse()));
        int count = keys.Length == 0 ? 0 : keys.Split(' ').Length;
        (await subject.GetAsync("/v1/count?" + all)).Text.ShouldBe($$"""{"count":{{count}}}""");
    }

    [Theory]
    [InlineData("prefix=70ff", "70ff 70ff00 70ffff 70ffff01")]
    [InlineData("prefix=70ffff", "70ffff 70ffff01")]
    [InlineData("prefix=70", "70 7000 70ff 70ff00 70ffff 70ffff01")]
    [InlineData("prefix=7000", "7000")]
    [InlineData("prefix=ff", "ff ff00 fffe")]
    [InlineData("prefix=fffe", "fffe")]
    [InlineData("gt=70ffff&lte=71", "70ffff01 71")]
    [InlineData("gt=70&lt=70ff", "7000")]
    [InlineData("gt=ff", "ff00 fffe")]
    [InlineData("gt=fffe", "")]
    [InlineData("gt=ffff", "")]
    public async Task A_prefix_may_end_in_the_highest_byte(string query, string keys)
    {
        string[] all = ["70", "7000", "70ff", "70ff00", "70ffff", "70ffff01", "71", "ff", "ff00", "fffe"];
        string operations = string.Join(',', all.Select(key => $$"""{"type":"put","key":"{{key}}","value":""}"""));
        (await subject.PostJsonAsync("/v1/batch?keyEncoding=hex", $"[{operations}]")).Status.ShouldBe(204);
        (await subject.GetAsync($"/v1/entries?keyEncoding=hex&{query}")).Keys.ShouldBe(keys, customMessage: query);
        (await subject.GetAsync($"/v1/entries?keyEncoding=hex&{query}&reverse=true")).Keys
            .ShouldBe(string.Join(' ', keys.Split(' ').Reverse()));
    }

    [Fact]
    public async Task The_empty_key_is_a_bound_like_any_other()
    {
        await subject.FillAsync("e");
        await subject.PutAsync("/v1/kv/", "empty");
        (await subject.GetAsync("/v1/entries?lte=")).Text.ShouldBe("""{"entries":[{"key":"","value":"empty"}],"continuation":null}""");
        (await subject.GetAsync("/v1/entries?lt=")).Entries.ShouldBeEmpty();
        (await subject.GetAsync("/v1/entries?gte=&limit=1")).Entries.Single().GetProperty("key").GetString().ShouldBe("");
        (await subject.GetAsync("/v1/entries?gt=&limit=1")).Keys.ShouldNotBe("");
        (await subject.GetAsync("/v1/entries?lte=&reverse=true")).Entries.Count().ShouldBe(1);
        await subject.DeleteAsync("/v1/kv/");
    }

    [Fact]
    public async Task Count_counts_the_entries_of_a_scan()
    {
        await subject.FillAsync(Enumerable.Range(0, 1234).Select(i => $"count/{i}"));
        (await subject.GetAsync("/v1/count?prefix=count/")).Text.ShouldBe("""{"count":1234}""");
        (await subject.GetAsync("/v1/count?prefix=count/1")).Text.ShouldBe("""{"count":345}""");
        (await subject.GetAsync("/v1/count?gt=count/&lt=count/1")).Text.ShouldBe("""{"count":1}""");
        (await subject.GetAsync("/v1/count")).Json.GetProperty("count").GetInt64().ShouldBeGreaterThanOrEqualTo(1234);
    }

    [Fact]
    public async Task A_count_continues_after_its_first_step()
    {
        for (int part = 0; part < 3; part++)
        {
            await subject.FillAsync(Enumerable.Range(part * 40_000, 40_000).Select(i => $"stretch/{i:d6}"));
        }

        (await subject.GetAsync("/v1/count?prefix=stretch/")).Text.ShouldBe("""{"count":120000}""");
    }

    [Fact]
    public async Task Count_counts_a_range()
    {
        await subject.FillAsync("counted/1", "counted/2", "counted/3");
        (await subject.AskAsync("GET /v1/count?prefix=counted/&gt=counted/1")).Body.ShouldBe("""{"count":2}""");
    }

    [Theory]
    [InlineData("gt=held/a&lt=held/d", "held/b held/c")]
    [InlineData("gte=held/b&lte=held/c", "held/b held/c")]
    [InlineData("gt=held/b&gte=held/b&lt=held/c&lte=held/c", "held/b held/c")]
    [InlineData("gt=held/a&gte=held/c&lt=held/e", "held/c held/d")]
    [InlineData("prefix=held/&gt=held/b", "held/c held/d")]
    [InlineData("prefix=held/&reverse=true&limit=2", "held/d held/c")]
    [InlineData("prefix=held/&limit=0", "")]
    public async Task Bounds_prefix_reverse_and_limit_apply(string query, string keys)
    {
        await subject.FillAsync("held/a", "held/b", "held/c", "held/d");
        WireAnswer page = await subject.AskAsync($"GET /v1/entries?{query}");
        page.Keys.ShouldBe(keys);
        page.Continuation.ShouldBeNull();
        page.Headers["Link"].ShouldBeEmpty();
    }

    [Fact]
    public async Task Order_is_by_bytes_and_reverse_is_descending()
    {
        // As UTF-16 the last two would change places.
        await subject.FillAsync("qo/a", "qo/B", "qo/\uff21", "qo/\U0001f600");
        (await subject.AskAsync("GET /v1/entries?prefix=qo/&values=false")).Keys.ShouldBe("qo/B qo/a qo/\uff21 qo/\U0001f600");
        (await subject.AskAsync("GET /v1/entries?prefix=qo/&limit=2&lt=qo/b")).Keys.ShouldBe("qo/B qo/a");
        (await subject.AskAsync("GET /v1/entries?prefix=qo/&lt=qo/b&reverse=true")).Keys.ShouldBe("qo/a qo/B");
    }
}
