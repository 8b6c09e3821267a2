using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// A handle that may not lead waits for a leader, even if there is no directory yet, and creates none.
public sealed class NobodyLeadsTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_follows_as_soon_as_there_is_a_leader(bool exists)
    {
        if (exists)
        {
            Directory.CreateDirectory(_directory["db"]);
        }

        Task<RaveLevel> opening = RaveLevel.OpenAsync(_directory["db"], new() { CanLead = false, OpenTimeout = Waiting.Patience });
        opening.IsCompleted.ShouldBeFalse();
        Directory.Exists(_directory["db"]).ShouldBe(exists);
        await using RaveLevel leader = await RaveLevel.OpenAsync(_directory["db"]);
        await using RaveLevel follower = await opening.Soon();
        follower.IsLeader.ShouldBeFalse();
        await follower.PutAsync("a", "1");
        (await leader.GetAsync("a")).ShouldBe("1");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_error_says_that_there_is_no_leader_and_that_the_handle_may_not_lead(bool exists)
    {
        if (exists)
        {
            Directory.CreateDirectory(_directory["db"]);
        }

        RaveException failure = await Should.ThrowAsync<RaveException>(
            RaveLevel.OpenAsync(_directory["db"], new() { CanLead = false, OpenTimeout = TimeSpan.FromMilliseconds(300) }).Soon());
        failure.Code.ShouldBe(ErrorCodes.ConnectionLost);
        failure.Message.ShouldBe($"No process has led '{_directory["db"]}' within 0.3 s, and this handle may not lead (CanLead is false). "
            + "Start a leader first, for example rave-server, or set CanLead to true.");
        Directory.Exists(_directory["db"]).ShouldBe(exists);
    }

    [Fact]
    public async Task Waiting_for_a_directory_ends_when_it_is_cancelled()
    {
        using CancellationTokenSource source = new();
        Task<RaveLevel> opening = RaveLevel.OpenAsync(_directory["db"], new() { CanLead = false }, source.Token);
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(opening.Soon());
    }
}
