using System.Security.Cryptography;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

public sealed class MaintenanceEndpointTests(SharedLeader leader) : IClassFixture<SharedLeader>
{
    [Theory]
    [InlineData("/v1/properties/leveldb.stats")]
    [InlineData("/v1/properties/leveldb.approximate-memory-usage")]
    [InlineData("/v1/properties/leveldb.num-files-at-level0")]
    [InlineData("/v1/properties/leveldb%2Estats")]
    public async Task A_property_of_LevelDB_is_text(string target)
    {
        Answer property = await leader.GetAsync(target);
        property.Status.ShouldBe(200, property.Text);
        property.MediaType.ShouldBe("text/plain");
        property.Text.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("/v1/properties/")]
    [InlineData("/v1/properties/leveldb.nothing")]
    [InlineData("/v1/properties/leveldb.stats/")]
    [InlineData("/v1/properties/leveldb%252Estats")]
    [InlineData("/v1/properties/%FF")]
    public async Task A_property_that_is_unknown_is_404(string target) =>
        (await leader.GetAsync(target)).ShouldBeProblem(404, "LEVEL_NOT_FOUND");

    [Fact]
    public async Task A_zero_byte_does_not_shorten_the_name_of_a_property()
    {
        RawResponse answer = await RawHttp.SendAsync(
            leader.SocketPath, "GET http://rave/v1/properties/leveldb.stats%00x HTTP/1.1\r\nHost: rave\r\nConnection: close\r\n\r\n");
        answer.Status.ShouldBeOneOf(400, 404);
    }

    [Fact]
    public async Task A_name_with_a_bad_escape_is_400() =>
        (await leader.GetAsync("/v1/properties/%zz")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");

    [Fact]
    public async Task The_approximate_size_is_that_of_the_range_or_of_everything_without_bounds()
    {
        await FillAsync("size/");
        long all = await SizeAsync("");
        all.ShouldBeInRange(900_000, 100_000_000);
        (await SizeAsync("?start=size/&end=size0")).ShouldBeInRange(900_000, all);
        (await SizeAsync("?start=73697a652f&keyEncoding=hex")).ShouldBeGreaterThan(900_000);
        (await SizeAsync("?start=size/&end=size/5")).ShouldBeLessThan(await SizeAsync("?start=size/"));
        (await SizeAsync("?start=size0&end=size/")).ShouldBe(0, "the range is empty");
    }

    [Theory]
    [InlineData("GET", "/v1/approximate-size?from=a")]
    [InlineData("POST", "/v1/compact?gte=a")]
    [InlineData("GET", "/v1/properties/leveldb.stats?start=a")]
    [InlineData("GET", "/v1/approximate-size?start=a&start=b")]
    [InlineData("POST", "/v1/compact?end=%FF")]
    public async Task An_unknown_or_invalid_parameter_is_400(string method, string target) =>
        (await leader.SendAsync(method, target)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");

    [Fact]
    public async Task A_bound_that_is_not_in_its_encoding_is_400() =>
        (await leader.SendAsync("POST", "/v1/compact?start=zz&keyEncoding=hex")).ShouldBeProblem(400, "LEVEL_INVALID_KEY");

    [Fact]
    public async Task Compaction_is_204_when_done_and_frees_the_space_of_deleted_entries()
    {
        await FillAsync("compact/");
        (await SizeAsync("?start=compact/&end=compact0")).ShouldBeGreaterThan(900_000);
        (await leader.DeleteAsync("/v1/entries?prefix=compact/")).Status.ShouldBe(204);
        Answer done = await leader.SendAsync("POST", "/v1/compact?start=compact/&end=compact0");
        done.Status.ShouldBe(204, done.Text);
        done.Bytes.ShouldBeEmpty();
        (await SizeAsync("?start=compact/&end=compact0")).ShouldBeLessThan(100_000);
    }

    [Fact]
    public async Task Several_compactions_at_once_all_end()
    {
        await leader.FillAsync("several/a", "several/b");
        Answer[] done = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => leader.SendAsync("POST", "/v1/compact")));
        done.ShouldAllBe(answer => answer.Status == 204);
        (await leader.GetAsync("/v1/kv/several/a")).Text.ShouldBe("several/a");
    }

    [Fact]
    public async Task A_property_is_text_and_404_if_unknown()
    {
        WireAnswer stats = await leader.AskAsync("GET /v1/properties/leveldb.stats");
        stats.Status.ShouldBe(200);
        stats.Header("Content-Type").ShouldStartWith("text/plain");
        (await leader.AskAsync("GET /v1/properties/leveldb.nothing")).ShouldBeProblem(404, "LEVEL_NOT_FOUND");
    }

    [Fact]
    public async Task Approximate_size_is_bytes() =>
        (await leader.AskAsync("GET /v1/approximate-size?start=a&end=b")).Json.GetProperty("bytes").GetInt64()
            .ShouldBeGreaterThanOrEqualTo(0);

    [Fact]
    public async Task An_empty_end_is_the_empty_key_and_selects_nothing()
    {
        (await leader.AskAsync("GET /v1/approximate-size?end=")).Body.ShouldBe("""{"bytes":0}""");
        (await leader.AskAsync("POST /v1/compact?start=&end=")).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Compact_is_204() => (await leader.AskAsync("POST /v1/compact?start=a&end=b")).Status.ShouldBe(204);

    // A megabyte that does not compress, written out to files.
    private async Task FillAsync(string prefix)
    {
        for (int i = 0; i < 10; i++)
        {
            (await leader.PutAsync($"/v1/kv/{prefix}{i}", RandomNumberGenerator.GetBytes(100_000))).Status.ShouldBe(204);
        }

        (await leader.SendAsync("POST", "/v1/compact")).Status.ShouldBe(204);
    }

    private async Task<long> SizeAsync(string query) =>
        (await leader.GetAsync("/v1/approximate-size" + query)).Json.GetProperty("bytes").GetInt64();
}
