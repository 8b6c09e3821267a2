using Rave.Tests.Harness;

namespace Rave.Tests.Leadership;

public sealed class DescriptorLimitTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(128)]
    [InlineData(200)]
    public async Task The_error_of_a_too_low_file_limit_says_how_many_are_needed(int limit)
    {
        using TempDirectory directory = new();
        foreach (string command in (string[])[$"{ChildProcess.ServerPath} {directory["db"]}",
            $"{ChildProcess.RavePath} put {directory["db"]} a 1", $"{ChildProcess.ServerPath} {directory["db"]} --repair"])
        {
            await using ChildProcess process = ChildProcess.Start("sh", "-c", $"ulimit -n {limit}; exec {command}");
            (await process.WaitForExitAsync()).ShouldBe(3, await process.Errors);
            (await process.Errors).ShouldContain($": This process may open {limit} files at once. RaveLevel needs at least 256, ");
        }

        Directory.Exists(directory["db"]).ShouldBeFalse();
    }

    [Fact]
    public async Task The_limit_that_the_error_names_is_enough_to_lead_and_to_follow()
    {
        using TempDirectory directory = new();
        await using ChildProcess leader =
            ChildProcess.Start("sh", "-c", $"ulimit -n 256; exec {ChildProcess.ServerPath} {directory["db"]}");
        (await leader.ReadLineAsync()).ShouldBe($"leader {directory["db/rave.sock"]}");
        for (int i = 0; i < 5; i++)
        {
            await using ChildProcess put =
                ChildProcess.Start("sh", "-c", $"ulimit -n 256; exec {ChildProcess.RavePath} put {directory["db"]} {i} {i}");
            (await put.WaitForExitAsync()).ShouldBe(0, await put.Errors);
        }
    }
}
