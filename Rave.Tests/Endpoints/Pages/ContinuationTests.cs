
namespace Rave.Tests.Endpoints;

public abstract class ContinuationTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : ContinuationTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : ContinuationTests(gateway), IClassFixture<SharedGateway>;

    private const string FirstPage = "/v1/entries?prefix=c/&pageSize=2";

    [Theory]
    [InlineData("", "c/1 c/2 c/3 c/4 c/5")]
    [InlineData("&reverse=true", "c/5 c/4 c/3 c/2 c/1")]
    [InlineData("&limit=3", "c/1 c/2 c/3")]
    [InlineData("&limit=4", "c/1 c/2 c/3 c/4")]
    [InlineData("&limit=3&reverse=true", "c/5 c/4 c/3")]
    [InlineData("&gt=c/2", "c/3 c/4 c/5")]
    [InlineData("&lt=c/5&gte=c/2&reverse=true", "c/4 c/3 c/2")]
    public async Task A_token_without_other_parameters_continues_after_the_page(string query, string keys)
    {
        await FillAsync();
        foreach (int size in (int[])[1, 2, 3])
        {
            List<string> seen = [];
            string? target = $"/v1/entries?prefix=c/&pageSize={size}{query}";
            while (target is not null)
            {
                Answer page = await subject.GetAsync(target);
                page.Entries.Count().ShouldBeInRange(1, size);
                seen.Add(page.Keys);
                target = page.Continuation is { } token ? $"/v1/entries?pageSize={size}&continuation={token}" : null;
            }

            string.Join(' ', seen).ShouldBe(keys);
        }
    }

    [Fact]
    public async Task A_token_keeps_which_members_are_omitted()
    {
        await FillAsync();
        Answer page = await subject.GetAsync(FirstPage + "&values=false");
        page = await subject.GetAsync($"/v1/entries?pageSize=1&continuation={page.Continuation}");
        page.Text.ShouldContain("""{"entries":[{"key":"c/3"}],""");
        page = await subject.GetAsync(FirstPage + "&keys=false");
        page = await subject.GetAsync($"/v1/entries?pageSize=1&continuation={page.Continuation}");
        page.Text.ShouldContain("""{"entries":[{"value":"c/3"}],""");
    }

    [Fact]
    public async Task Page_size_and_encodings_may_change_with_a_token()
    {
        await FillAsync();
        string token = (await subject.GetAsync(FirstPage)).Continuation!;
        (await subject.GetAsync($"/v1/entries?continuation={token}")).Keys.ShouldBe("c/3 c/4 c/5");
        (await subject.GetAsync($"/v1/entries?continuation={token}&pageSize=1")).Keys.ShouldBe("c/3");
        Answer hex = await subject.GetAsync($"/v1/entries?continuation={token}&pageSize=1&keyEncoding=hex&valueEncoding=base64");
        hex.Text.ShouldContain("""[{"key":"632f33","value":"Yy8z"}]""");
        (await subject.GetAsync($"/v1/entries?continuation={token}&prefix=632f&keyEncoding=hex")).Keys.ShouldBe("632f33 632f34 632f35");
    }

    [Theory]
    [InlineData("prefix=c/")]
    [InlineData("gte=c/1")]
    [InlineData("lt=c/9")]
    [InlineData("prefix=c/&gte=c/1&lt=c/9&reverse=false&keys=true&values=true")]
    public async Task Parameters_may_be_repeated_with_a_token(string query)
    {
        await FillAsync();
        Answer page = await subject.GetAsync("/v1/entries?prefix=c/&gte=c/1&lt=c/9&pageSize=2");
        (await subject.GetAsync($"/v1/entries?continuation={page.Continuation}&{query}")).Keys.ShouldBe("c/3 c/4 c/5");
    }

    [Theory]
    [InlineData("prefix=c", "prefix")]
    [InlineData("gte=c/2", "gte")]
    [InlineData("gt=c/1", "gt")]
    [InlineData("lte=c/9", "lte")]
    [InlineData("lt=c/", "lt")]
    [InlineData("reverse=true", "reverse")]
    [InlineData("keys=false", "keys")]
    [InlineData("values=false", "values")]
    [InlineData("limit=2", "limit")]
    [InlineData("limit=-1", "limit")]
    public async Task Parameters_that_contradict_a_token_are_refused_and_named(string query, string name)
    {
        await FillAsync();
        Answer page = await subject.GetAsync("/v1/entries?prefix=c/&gte=c/1&lt=c/9&pageSize=2");
        (await subject.GetAsync($"/v1/entries?continuation={page.Continuation}&{query}")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST")
            .ShouldContain($"'{name}'");
    }

    [Fact]
    public async Task A_scan_continues_after_a_last_key_that_was_deleted()
    {
        await subject.FillAsync("del/1", "del/2", "del/3", "del/4");
        Answer forward = await subject.GetAsync("/v1/entries?prefix=del/&pageSize=2");
        Answer backward = await subject.GetAsync("/v1/entries?prefix=del/&pageSize=2&reverse=true");
        await subject.DeleteAsync("/v1/entries?gte=del/2&lte=del/3");
        (await subject.GetAsync($"/v1/entries?continuation={forward.Continuation}")).Keys.ShouldBe("del/4");
        (await subject.GetAsync($"/v1/entries?continuation={backward.Continuation}")).Keys.ShouldBe("del/1");
    }

    [Fact]
    public async Task No_key_is_repeated_or_skipped_while_others_write()
    {
        await subject.FillAsync("new/1", "new/2", "new/4");
        Answer forward = await subject.GetAsync("/v1/entries?prefix=new/&pageSize=2");
        Answer backward = await subject.GetAsync("/v1/entries?prefix=new/&pageSize=2&reverse=true");
        await subject.FillAsync("new/0", "new/1a", "new/2\\u0000", "new/3", "new/5");
        (await subject.GetAsync($"/v1/entries?continuation={forward.Continuation}")).Keys.ShouldBe("new/2\0 new/3 new/4 new/5");
        (await subject.GetAsync($"/v1/entries?continuation={backward.Continuation}")).Keys.ShouldBe("new/1a new/1 new/0");
    }

    [Fact]
    public async Task A_token_after_the_last_entry_gives_an_empty_page()
    {
        await subject.FillAsync("end/1", "end/2");
        Answer page = await subject.GetAsync("/v1/entries?prefix=end/&pageSize=1");
        await subject.DeleteAsync("/v1/kv/end/2");
        (await subject.GetAsync($"/v1/entries?continuation={page.Continuation}")).Text.ShouldBe("""{"entries":[],"continuation":null}""");
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AQ")]
    [InlineData("null")]
    [InlineData("c/3")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA")]
    [InlineData("!!!!")]
    [InlineData("%00")]
    public async Task An_invalid_token_is_refused(string token) =>
        (await subject.GetAsync("/v1/entries?continuation=" + token)).ShouldBeProblem(400, "LEVEL_INVALID_CONTINUATION");

    [Fact]
    public async Task A_damaged_token_is_refused()
    {
        await FillAsync();
        string token = (await subject.GetAsync(FirstPage)).Continuation!;
        for (int i = 0; i < token.Length; i++)
        {
            string damaged = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            (await subject.GetAsync("/v1/entries?continuation=" + damaged)).ShouldBeProblem(400, "LEVEL_INVALID_CONTINUATION");
        }

        foreach (string damaged in (string[])[token[..^1], token[1..], token + "A", token + "=", token + token, "%20" + token,
            token + "%0A"])
        {
            (await subject.GetAsync("/v1/entries?continuation=" + damaged)).ShouldBeProblem(400, "LEVEL_INVALID_CONTINUATION");
        }
    }

    [Fact]
    public async Task A_token_is_base64url_and_contains_the_rest_of_the_request()
    {
        string token = await TokenAsync("reverse=true&limit=3&values=false");
        token.ShouldMatch("^[A-Za-z0-9_-]+$");
        (await subject.AskAsync($"GET /v1/entries?continuation={token}")).Body
            .ShouldBe("""{"entries":[{"key":"pt/3"},{"key":"pt/2"}],"continuation":null}""");
        (await subject.AskAsync($"GET /v1/entries?continuation={token}&pageSize=1&keyEncoding=hex")).Body
            .ShouldContain("""[{"key":"70742f33"}]""");
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
    public async Task Parameters_that_differ_from_the_token_are_400(string query, int status)
    {
        string token = await TokenAsync("reverse=true");
        (await subject.AskAsync($"GET /v1/entries?continuation={token}&{query}")).Status.ShouldBe(status);
    }

    [Fact]
    public async Task A_damaged_empty_or_foreign_token_is_400()
    {
        string token = await TokenAsync("");
        string damaged = (token[10] == 'A' ? 'B' : 'A').ToString();
        foreach (string bad in (string[])["", "garbage", "AAAA", token[..^1], token + "A", token[..10] + damaged + token[11..],
            token.ToUpperInvariant()])
        {
            (await subject.AskAsync($"GET /v1/entries?continuation={bad}")).ShouldBeProblem(400, "LEVEL_INVALID_CONTINUATION");
        }
    }

    [Theory]
    [InlineData("", "pt/1", "pt/11 pt/2 pt/3 pt/4")]
    [InlineData("reverse=true", "pt/4", "pt/3 pt/2 pt/11 pt/1")]
    public async Task Resuming_is_strict_after_writes_and_deletes(string query, string last, string rest)
    {
        string token = await TokenAsync(query);
        await subject.AskAsync($"DELETE /v1/kv/{last}");
        await subject.FillAsync("pt/0", "pt/11", "pt/9");
        WireAnswer resumed = await subject.AskAsync($"GET /v1/entries?continuation={token}");
        await subject.AskAsync("DELETE /v1/entries?prefix=pt/");
        resumed.Keys.ShouldBe(query.Length == 0 ? rest + " pt/9" : rest + " pt/0");
    }

    private Task FillAsync() => subject.FillAsync("c/1", "c/2", "c/3", "c/4", "c/5");

    private async Task<string> TokenAsync(string query)
    {
        await subject.AskAsync("DELETE /v1/entries?prefix=pt/");
        await subject.FillAsync("pt/1", "pt/2", "pt/3", "pt/4");
        return (await subject.AskAsync($"GET /v1/entries?prefix=pt/&pageSize=1&{query}")).Continuation!;
    }
}
