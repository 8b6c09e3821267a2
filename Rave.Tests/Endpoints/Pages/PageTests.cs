using Rave.Tests.Etcd;

namespace Rave.Tests.Endpoints;

public abstract class PageTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : PageTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : PageTests(gateway), IClassFixture<SharedGateway>
    {
        [Differs(Differences.Value)]
        public override async Task A_page_holds_four_mebibytes_and_at_least_one_entry()
        {
            foreach (int i in Enumerable.Range(1, 5))
            {
                (await gateway.PutAsync($"/v1/kv/bytes/{i}", new byte[1 << 20])).Status.ShouldBe(204);
            }

            (await gateway.PutAsync("/v1/kv/bytes/6", new byte[5 << 20])).ShouldBeProblem(413, "LEVEL_TOO_LARGE");
            // Keys count too, so a fourth mebibyte no longer fits.
            Answer page = await gateway.GetAsync("/v1/entries?prefix=bytes/&valueEncoding=base64");
            page.Keys.ShouldBe("bytes/1 bytes/2 bytes/3");
            page = await gateway.GetAsync($"/v1/entries?valueEncoding=base64&continuation={page.Continuation}");
            page.Keys.ShouldBe("bytes/4 bytes/5");
            page.Continuation.ShouldBeNull();
            (await gateway.GetAsync("/v1/entries?prefix=bytes/&valueEncoding=base64&keys=false")).Entries.Count().ShouldBe(4);
        }
    }

    [Fact]
    public async Task A_page_has_its_entries_in_order_and_null_at_the_end()
    {
        await subject.FillAsync("page/b", "page/a", "page/c");
        Answer page = await subject.GetAsync("/v1/entries?prefix=page/");
        page.Status.ShouldBe(200);
        page.MediaType.ShouldBe("application/json");
        page.Text.ShouldBe("""{"entries":[{"key":"page/a","value":"page/a"},{"key":"page/b","value":"page/b"},"""
            + """{"key":"page/c","value":"page/c"}],"continuation":null}""");
        page.Headers["Link"].ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reversed_page_runs_from_the_last_key_to_the_first()
    {
        await subject.FillAsync("back/a", "back/b", "back/c");
        (await subject.GetAsync("/v1/entries?prefix=back/&reverse=true")).Keys.ShouldBe("back/c back/b back/a");
        (await subject.GetAsync("/v1/entries?prefix=back/&reverse=true&limit=2")).Keys.ShouldBe("back/c back/b");
        (await subject.GetAsync("/v1/entries?prefix=back/&reverse=false")).Keys.ShouldBe("back/a back/b back/c");
    }

    [Fact]
    public async Task Keys_or_values_or_both_are_left_out()
    {
        await subject.FillAsync("left/a", "left/b");
        (await subject.GetAsync("/v1/entries?prefix=left/&values=false")).Text
            .ShouldBe("""{"entries":[{"key":"left/a"},{"key":"left/b"}],"continuation":null}""");
        (await subject.GetAsync("/v1/entries?prefix=left/&keys=false")).Text
            .ShouldBe("""{"entries":[{"value":"left/a"},{"value":"left/b"}],"continuation":null}""");
        (await subject.GetAsync("/v1/entries?prefix=left/&keys=false&values=false")).Text
            .ShouldBe("""{"entries":[{},{}],"continuation":null}""");
        (await subject.GetAsync("/v1/entries?prefix=left/&keys=true&values=true&limit=1")).Text
            .ShouldContain("""{"key":"left/a","value":"left/a"}""");
    }

    [Theory]
    [InlineData("limit=0", 0)]
    [InlineData("limit=1", 1)]
    [InlineData("limit=3", 3)]
    [InlineData("limit=4", 3)]
    [InlineData("limit=-1", 3)]
    [InlineData("limit=9223372036854775807", 3)]
    [InlineData("limit=2&pageSize=2", 2)]
    [InlineData("limit=0&reverse=true", 0)]
    public async Task A_limit_ends_the_scan(string query, int count)
    {
        await subject.FillAsync("limit/a", "limit/b", "limit/c");
        Answer page = await subject.GetAsync("/v1/entries?prefix=limit/&" + query);
        page.Entries.Count().ShouldBe(count);
        page.Continuation.ShouldBeNull();
    }

    [Fact]
    public async Task A_page_that_ends_exactly_at_the_last_entry_is_the_last()
    {
        await subject.FillAsync("exact/a", "exact/b");
        (await subject.GetAsync("/v1/entries?prefix=exact/&pageSize=2")).Continuation.ShouldBeNull();
        (await subject.GetAsync("/v1/entries?prefix=exact/&pageSize=1")).Continuation.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_page_size_above_the_maximum_is_the_maximum()
    {
        await subject.FillAsync(Enumerable.Range(0, 10_001).Select(i => $"cap/{i:d5}"));
        foreach (string size in (string[])["", "&pageSize=10001", "&pageSize=2147483648", "&pageSize=9223372036854775807"])
        {
            Answer page = await subject.GetAsync("/v1/entries?prefix=cap/&values=false" + size);
            page.Entries.Count().ShouldBe(10_000);
            (await subject.GetAsync($"/v1/entries?continuation={page.Continuation}")).Keys.ShouldBe("cap/10000");
        }

        (await subject.GetAsync("/v1/entries?prefix=cap/&pageSize=9999&keys=false&values=false")).Entries.Count().ShouldBe(9999);
    }

    [Fact]
    public async Task A_page_size_of_zero_is_refused()
    {
        (await subject.GetAsync("/v1/entries?pageSize=0")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST").ShouldContain("pageSize");
        (await subject.GetAsync("/v1/entries?pageSize=-1")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
    }

    [Fact]
    public virtual async Task A_page_holds_four_mebibytes_and_at_least_one_entry()
    {
        byte[] value = new byte[1 << 20];
        foreach (string key in (string[])["bytes/1", "bytes/2", "bytes/3", "bytes/4", "bytes/5"])
        {
            await subject.PutAsync("/v1/kv/" + key, value);
        }

        await subject.PutAsync("/v1/kv/bytes/6", new byte[5 << 20]);
        await subject.PutAsync("/v1/kv/bytes/7", "small");
        // Keys count too, so a fourth mebibyte no longer fits.
        Answer page = await subject.GetAsync("/v1/entries?prefix=bytes/&valueEncoding=base64");
        page.Keys.ShouldBe("bytes/1 bytes/2 bytes/3");
        page = await subject.GetAsync($"/v1/entries?valueEncoding=base64&continuation={page.Continuation}");
        page.Keys.ShouldBe("bytes/4 bytes/5");
        page = await subject.GetAsync($"/v1/entries?valueEncoding=base64&continuation={page.Continuation}");
        page.Keys.ShouldBe("bytes/6");
        page = await subject.GetAsync($"/v1/entries?valueEncoding=base64&continuation={page.Continuation}");
        page.Keys.ShouldBe("bytes/7");
        page.Continuation.ShouldBeNull();
        (await subject.GetAsync("/v1/entries?prefix=bytes/&valueEncoding=base64&keys=false")).Entries.Count().ShouldBe(4);
        (await subject.GetAsync("/v1/entries?prefix=bytes/&values=false")).Entries.Count().ShouldBe(7);
    }

    [Theory]
    [InlineData("keys=false", """{"value":"pm/a"}""")]
    [InlineData("values=false", """{"key":"pm/a"}""")]
    [InlineData("values=false&etags=true", """{"key":"pm/a","etag":"\"5d3d5fa67a4aa95ab86a62c93a3b8c9c\""}""")]
    public async Task Members_are_left_out_and_etags_added(string query, string entry)
    {
        await subject.FillAsync("pm/a");
        string expected = entry.Contains("etag", StringComparison.Ordinal)
            ? $$"""{"key":"pm/a","etag":"{{Tags.Of("pm/a").InJson()}}"}""" : entry;
        (await subject.AskAsync($"GET /v1/entries?prefix=pm/&{query}")).Body
            .ShouldBe($$"""{"entries":[{{expected}}],"continuation":null}""");
    }

    [Fact]
    public async Task A_page_size_above_the_maximum_is_the_maximum_and_0_is_400()
    {
        await subject.FillAsync("ps/a", "ps/b");
        (await subject.AskAsync("GET /v1/entries?prefix=ps/&pageSize=9999999")).Keys.ShouldBe("ps/a ps/b");
        (await subject.AskAsync("GET /v1/entries?prefix=ps/&pageSize=0")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
    }

    [Fact]
    public async Task A_limit_of_minus_one_means_no_limit()
    {
        await subject.FillAsync("ql/1", "ql/2");
        (await subject.AskAsync("GET /v1/entries?prefix=ql/&limit=-1")).Keys.ShouldBe("ql/1 ql/2");
        (await subject.AskAsync("GET /v1/entries?prefix=ql/")).Keys.ShouldBe("ql/1 ql/2");
    }
}
