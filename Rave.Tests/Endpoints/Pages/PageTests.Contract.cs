using System.Text.RegularExpressions;
using Rave.Tests.Endpoints;

namespace Rave.Tests.Contract;

[Collection(ContractSuite.Name)]
public sealed partial class PageTests(ContractLeader leader)
{
    [Theory]
    [InlineData("gt=pg/a&lt=pg/d", "pg/b pg/c")]
    [InlineData("gte=pg/b&lte=pg/c", "pg/b pg/c")]
    [InlineData("gt=pg/b&gte=pg/b&lt=pg/c&lte=pg/c", "pg/b pg/c")]
    [InlineData("gt=pg/a&gte=pg/c&lt=pg/e", "pg/c pg/d")]
    [InlineData("prefix=pg/&gt=pg/b", "pg/c pg/d")]
    [InlineData("prefix=pg/&reverse=true&limit=2", "pg/d pg/c")]
    [InlineData("prefix=pg/&limit=0", "")]
    public async Task Bounds_prefix_reverse_and_limit_hold(string query, string keys)
    {
        await leader.FillAsync("pg/a", "pg/b", "pg/c", "pg/d");
        WireAnswer page = await leader.AskAsync($"GET /v1/entries?{query}");
        page.Keys.ShouldBe(keys);
        page.Continuation.ShouldBeNull();
        page.Headers["Link"].ShouldBeEmpty();
    }

    [Theory]
    [InlineData("keys=false", """{"value":"pm/a"}""")]
    [InlineData("values=false", """{"key":"pm/a"}""")]
    [InlineData("values=false&etags=true", """{"key":"pm/a","etag":"\"5d3d5fa67a4aa95ab86a62c93a3b8c9c\""}""")]
    public async Task Members_are_left_out_and_etags_added(string query, string entry)
    {
        await leader.FillAsync("pm/a");
        string expected = entry.Contains("etag", StringComparison.Ordinal) ? $$"""{"key":"pm/a","etag":"{{Tags.Of("pm/a").InJson()}}"}""" : entry;
        (await leader.AskAsync($"GET /v1/entries?prefix=pm/&{query}")).Body.ShouldBe($$"""{"entries":[{{expected}}],"continuation":null}""");
    }

    [Fact]
    public async Task A_page_size_above_the_cap_is_the_cap_and_0_is_400()
    {
        await leader.FillAsync("ps/a", "ps/b");
        (await leader.AskAsync("GET /v1/entries?prefix=ps/&pageSize=9999999")).Keys.ShouldBe("ps/a ps/b");
        (await leader.AskAsync("GET /v1/entries?prefix=ps/&pageSize=0")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
    }

    [Theory]
    [InlineData("", "pl/1 pl/2 pl/3 pl/4 pl/5")]
    [InlineData("&reverse=true&limit=3", "pl/5 pl/4 pl/3")]
    public async Task The_link_holds_the_whole_next_request(string query, string keys)
    {
        await leader.FillAsync("pl/1", "pl/2", "pl/3", "pl/4", "pl/5");
        List<string> seen = [];
        string? target = $"/v1/entries?prefix=pl/&pageSize=2{query}";
        while (target is not null)
        {
            WireAnswer page = await leader.AskAsync($"GET {target}");
            seen.Add(page.Keys);
            target = page.Headers["Link"].Select(link => Next().Match(link).Groups[1].Value).SingleOrDefault();
            (target is null).ShouldBe(page.Continuation is null);
        }

        string.Join(' ', seen).ShouldBe(keys);
    }

    [Fact]
    public async Task The_link_is_left_out_where_it_would_exceed_8_kib()
    {
        string prefix = new('p', 7000);
        await leader.FillAsync(prefix + "1", prefix + "2");
        WireAnswer page = await leader.AskAsync($"GET /v1/entries?prefix={prefix}&pageSize=1");
        page.Headers["Link"].ShouldBeEmpty();
        (await leader.AskAsync($"GET /v1/entries?continuation={page.Continuation}")).Keys.ShouldBe(prefix + "2");
    }

    [Fact]
    public async Task A_token_is_base64url_stands_alone_and_carries_what_is_left_of_the_request()
    {
        string token = await TokenAsync("reverse=true&limit=3&values=false");
        token.ShouldMatch("^[A-Za-z0-9_-]+$");
        (await leader.AskAsync($"GET /v1/entries?continuation={token}")).Body.ShouldBe("""{"entries":[{"key":"pt/3"},{"key":"pt/2"}],"continuation":null}""");
        (await leader.AskAsync($"GET /v1/entries?continuation={token}&pageSize=1&keyEncoding=hex")).Body.ShouldContain("""[{"key":"70742f33"}]""");
    }

    [Theory]
    [InlineData("prefix=pt/&reverse=true", 200)]
    [InlineData("keys=true&values=true", 200)]
    [InlineData("reverse=false", 400)]
    [InlineData("prefix=pt", 400)]
    [InlineData("gte=pt/", 400)]
    [InlineData("values=false", 400)]
    [InlineData("etags=true", 400)]
    [InlineData("snapshot=0", 400)]
    [InlineData("limit=1", 400)]
    [InlineData("limit=-1", 400)]
    public async Task Parameters_beside_a_token_agree_with_it_else_400(string query, int status)
    {
        string token = await TokenAsync("reverse=true");
        (await leader.AskAsync($"GET /v1/entries?continuation={token}&{query}")).Status.ShouldBe(status);
    }

    [Fact]
    public async Task A_damaged_empty_or_foreign_token_is_400()
    {
        string token = await TokenAsync("");
        string damaged = (token[10] == 'A' ? 'B' : 'A').ToString();
        foreach (string bad in (string[])["", "garbage", "AAAA", token[..^1], token + "A", token[..10] + damaged + token[11..], token.ToUpperInvariant()])
        {
            (await leader.AskAsync($"GET /v1/entries?continuation={bad}")).ShouldBeProblem(400, "LEVEL_INVALID_CONTINUATION");
        }
    }

    [Theory]
    [InlineData("", "pt/1", "pt/11 pt/2 pt/3 pt/4")]
    [InlineData("reverse=true", "pt/4", "pt/3 pt/2 pt/11 pt/1")]
    public async Task Resuming_is_strict_whatever_was_written_or_deleted_meanwhile(string query, string last, string rest)
    {
        string token = await TokenAsync(query);
        await leader.AskAsync($"DELETE /v1/kv/{last}");
        await leader.FillAsync("pt/0", "pt/11", "pt/9");
        WireAnswer resumed = await leader.AskAsync($"GET /v1/entries?continuation={token}");
        await leader.AskAsync("DELETE /v1/entries?prefix=pt/");
        resumed.Keys.ShouldBe(query.Length == 0 ? rest + " pt/9" : rest + " pt/0");
    }

    [Fact]
    public async Task A_token_carries_the_snapshot()
    {
        await leader.FillAsync("px/1", "px/2");
        string id = (await leader.AskAsync("POST /v1/snapshots")).Json.GetProperty("id").GetString()!;
        string token = (await leader.AskAsync($"GET /v1/entries?prefix=px/&pageSize=1&snapshot={id}")).Continuation!;
        await leader.AskAsync("DELETE /v1/kv/px/2");
        (await leader.AskAsync($"GET /v1/entries?continuation={token}")).Keys.ShouldBe("px/2");
        await leader.AskAsync($"DELETE /v1/snapshots/{id}");
        (await leader.AskAsync($"GET /v1/entries?continuation={token}")).ShouldBeProblem(410, "LEVEL_SNAPSHOT_NOT_OPEN");
    }

    [Fact]
    public async Task Count_counts_a_range()
    {
        await leader.FillAsync("pc/1", "pc/2", "pc/3");
        (await leader.AskAsync("GET /v1/count?prefix=pc/&gt=pc/1")).Body.ShouldBe("""{"count":2}""");
    }

    private async Task<string> TokenAsync(string query)
    {
        await leader.AskAsync("DELETE /v1/entries?prefix=pt/");
        await leader.FillAsync("pt/1", "pt/2", "pt/3", "pt/4");
        return (await leader.AskAsync($"GET /v1/entries?prefix=pt/&pageSize=1&{query}")).Continuation!;
    }

    [GeneratedRegex("^<(/v1/entries\\?[^>]*)>; rel=\"next\"$")]
    private static partial Regex Next();
}
