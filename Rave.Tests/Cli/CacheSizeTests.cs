using Rave.Server.Cli;
using Rave.Tests.Harness;

namespace Rave.Tests.Cli;

public sealed class CacheSizeTests
{
    [Theory]
    [InlineData("16", 16 << 20)]
    [InlineData("0", 0)]
    public async Task A_leader_caches_as_many_megabytes_as_its_option_says(string megabytes, int bytes)
    {
        await using LiveLeader leader = await LiveLeader.StartAsync("--cache-size", megabytes);
        (await leader.GetJsonAsync("/v1/status")).GetProperty("options").GetProperty("cacheSize").GetInt32().ShouldBe(bytes);
        (await leader.PutAsync("/v1/kv/hello", "world")).EnsureSuccessStatusCode();
        (await leader.Http.GetStringAsync("/v1/kv/hello")).ShouldBe("world");
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("2048")]
    [InlineData("4294967296")]
    [InlineData("much")]
    public void An_invalid_size_is_wrong_usage(string megabytes) =>
        ServerCommand.Create().Parse(["./db", "--cache-size", megabytes]).Errors.ShouldHaveSingleItem().Message
            .ShouldContain(megabytes == "much" ? "'much'" : "A cache size is 0 to 2047 MiB.");
}
