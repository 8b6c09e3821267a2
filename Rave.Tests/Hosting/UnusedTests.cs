using System.Runtime.Versioning;
using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Hosting;

public sealed class UnusedTests
{
    [Fact]
    [Needs(Need.Linux)]
    [SupportedOSPlatform("linux")]
    public async Task A_program_without_cache_and_host_loads_no_assembly_for_them()
    {
        using TempDirectory directory = new();
        await using RaveLevel leader = await RaveLevel.OpenAsync(directory["db"]);
        await using ChildProcess follower = ChildProcess.StartPeer(directory["db"]);
        await follower.ExpectAsync("open");
        (await follower.AskAsync("put a 1")).ShouldBe("ok");

        string[] loaded = [.. File.ReadLines($"/proc/{follower.Id}/maps").Select(line => Path.GetFileName(line))
            .Where(name => name.EndsWith(".dll", StringComparison.Ordinal)).Distinct()];
        loaded.ShouldContain("Rave.Client.dll");
        loaded.ShouldNotContain(name => name.StartsWith("Microsoft.Extensions.Caching", StringComparison.Ordinal)
            || name.Contains("HealthChecks", StringComparison.Ordinal));
    }
}
