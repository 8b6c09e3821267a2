using System.Text.RegularExpressions;

namespace Rave.Tests.Endpoints;

public abstract partial class LinkTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : LinkTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : LinkTests(gateway), IClassFixture<SharedGateway>;

    [Theory]
    [InlineData("prefix=l/&pageSize=2", "l/1 l/2 l/3 l/4 l/5")]
    [InlineData("prefix=l%2F&pageSize=2&limit=4", "l/1 l/2 l/3 l/4")]
    [InlineData("limit=3&prefix=l/&reverse=true&pageSize=1", "l/5 l/4 l/3")]
    [InlineData("gt=6c2f31&lte=6c2f34&keyEncoding=hex&pageSize=2&values=false", "6c2f32 6c2f33 6c2f34")]
    [InlineData("gte=l/+&lte=l/4%20&pageSize=2&keys=true", "l/1 l/2 l/3 l/4")]
    public async Task Following_the_links_completes_the_scan(string query, string keys)
    {
        await subject.FillAsync("l/1", "l/2", "l/3", "l/4", "l/5");
        List<string> seen = [];
        string? target = "/v1/entries?" + query;
        while (target is not null)
        {
            Answer page = await subject.GetAsync(target);
            page.Status.ShouldBe(200, target);
            seen.Add(page.Keys);
            target = Next(page);
            (target is null).ShouldBe(page.Continuation is null);
        }

        string.Join(' ', seen).ShouldBe(keys);
    }

    [Fact]
    public async Task A_link_is_the_whole_next_request()
    {
        await subject.FillAsync("whole/1", "whole/2");
        Answer page = await subject.GetAsync("/v1/entries?pageSize=1&prefix=whole/&limit=2&valueEncoding=hex");
        page.Headers["Link"].Single()
            .ShouldBe($"</v1/entries?pageSize=1&prefix=whole/&valueEncoding=hex&continuation={page.Continuation}>; rel=\"next\"");
        string next = Next(page)!;
        (await subject.GetAsync(next)).Text.ShouldContain("77686f6c652f32");
    }

    [Fact]
    public async Task A_link_that_is_too_long_for_a_header_is_omitted()
    {
        string longKey = new('k', 5000);
        await subject.FillAsync(longKey + "1", longKey + "2");
        Answer page = await subject.GetAsync($"/v1/entries?prefix={longKey}&pageSize=1");
        page.Continuation.ShouldNotBeNull();
        page.Headers["Link"].ShouldBeEmpty();
        (await subject.GetAsync($"/v1/entries?continuation={page.Continuation}")).Keys.ShouldBe(longKey + "2");
    }

    [Theory]
    [InlineData("", "pl/1 pl/2 pl/3 pl/4 pl/5")]
    [InlineData("&reverse=true&limit=3", "pl/5 pl/4 pl/3")]
    public async Task The_link_holds_the_whole_next_request(string query, string keys)
    {
        await subject.FillAsync("pl/1", "pl/2", "pl/3", "pl/4", "pl/5");
        List<string> seen = [];
        string? target = $"/v1/entries?prefix=pl/&pageSize=2{query}";
        while (target is not null)
        {
            WireAnswer page = await subject.AskAsync($"GET {target}");
            seen.Add(page.Keys);
            target = page.Headers["Link"].Select(link => NextLink().Match(link).Groups[1].Value).SingleOrDefault();
            (target is null).ShouldBe(page.Continuation is null);
        }

        string.Join(' ', seen).ShouldBe(keys);
    }

    private static string? Next(Answer page) =>
        page.Headers["Link"].SingleOrDefault() is { } link ? link[(link.IndexOf('<') + 1)..link.IndexOf('>')] : null;

    [GeneratedRegex("^<(/v1/entries\\?[^>]*)>; rel=\"next\"$")]
    private static partial Regex NextLink();
}
