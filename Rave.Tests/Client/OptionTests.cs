using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

public sealed class OptionTests
{
    [Fact]
    public async Task A_follower_that_asked_for_other_options_is_told_in_the_log_and_uses_them_once_it_leads()
    {
        using TempDirectory directory = new();
        RaveLevel leader = await RaveLevel.OpenAsync(directory["db"], new() { BlockSize = 8192 });
        using HeardLogs logs = new();
        TaskCompletionSource<string> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        logs.Logged += line =>
        {
            if (line.Contains("OtherOptions", StringComparison.Ordinal))
            {
                told.TrySetResult(line);
            }
        };
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"], new() { Compression = false, CacheSize = 1 << 20, LoggerFactory = logs });
        string line = await told.Task.Soon();
        line.ShouldStartWith("Warning");
        line.ShouldContain($"Process {Environment.ProcessId} leads {directory["db"]}");
        line.ShouldContain("compression True instead of False, cache size 8388608 instead of 1048576, block size 8192 instead of 4096");

        await leader.CloseAsync();
        await follower.PutAsync("a", "1").AsTask().Soon();
        follower.IsLeader.ShouldBeTrue();
        (await follower.GetStatusAsync(TestContext.Current.CancellationToken)).Options!.Compression.ShouldBeFalse();
    }
}
