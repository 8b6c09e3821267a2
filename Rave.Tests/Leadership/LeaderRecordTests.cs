using System.Text.Json;
using Rave.Client;
using Rave.Server.Location;
using Rave.Tests.Harness;

namespace Rave.Tests.Leadership;

public sealed class LeaderRecordTests
{
    [Fact]
    public async Task The_record_names_the_leader_and_the_epoch_grows_from_leader_to_leader()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        using DatabaseLocation location = DatabaseLocation.Resolve(leader.Location, create: false);
        await using ChildProcess follower = ChildProcess.StartServer(leader.Location);
        await follower.ExpectAsync($"follower {leader.SocketPath}");
        LeaderInfo first = LeaderRecord.Read(location)!;
        first.Pid.ShouldBe(leader.Process.Id);
        first.Program.ShouldBe("Rave.Server");
        (await leader.GetJsonAsync("/v1/status")).GetProperty("leader").GetProperty("epoch").GetInt64().ShouldBe(first.Epoch);

        await leader.Process.KillAsync();
        await follower.ExpectAsync($"leader {leader.SocketPath}");

        LeaderInfo second = LeaderRecord.Read(location)!;
        second.Pid.ShouldBe(follower.Id);
        second.Epoch.ShouldBeGreaterThan(first.Epoch);
        (await leader.GetJsonAsync("/v1/status")).GetProperty("leader").GetProperty("epoch").GetInt64().ShouldBe(second.Epoch);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"pid\":")]
    [InlineData("[1,2]")]
    public void The_epoch_grows_even_if_the_record_was_lost_or_damaged(string? damage)
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory.Path, create: false);
        LeaderInfo first = LeaderRecord.Write(location, new Clock(DateTimeOffset.UnixEpoch.AddYears(60)));
        File.Delete(location.LeaderRecordPath);
        if (damage is not null)
        {
            File.WriteAllText(location.LeaderRecordPath, damage);
        }

        LeaderInfo second = LeaderRecord.Write(location, new Clock(DateTimeOffset.UnixEpoch.AddYears(60).AddMilliseconds(1)));

        second.Epoch.ShouldBeGreaterThan(first.Epoch);
    }

    [Fact]
    public void The_epoch_grows_even_if_the_clock_goes_back_or_does_not_move()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory.Path, create: false);
        DateTimeOffset now = DateTimeOffset.UnixEpoch.AddYears(60);
        long ahead = LeaderRecord.Write(location, new Clock(now.AddHours(1))).Epoch;
        long back = LeaderRecord.Write(location, new Clock(now)).Epoch;
        long still = LeaderRecord.Write(location, new Clock(now)).Epoch;
        back.ShouldBe(ahead + 1);
        still.ShouldBe(ahead + 2);
    }

    [Fact]
    public void A_record_that_a_killed_leader_wrote_in_part_blocks_no_other()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory.Path, create: false);
        File.WriteAllText(directory["precious"], "precious");
        File.CreateSymbolicLink(location.LeaderRecordPath + ".tmp", directory["precious"]);

        LeaderRecord.Write(location, TimeProvider.System);

        LeaderRecord.Read(location)!.Pid.ShouldBe(Environment.ProcessId);
        File.ReadAllText(directory["precious"]).ShouldBe("precious", "a link is replaced, never followed");
        JsonDocument.Parse(File.ReadAllBytes(location.LeaderRecordPath)).RootElement.TryGetProperty("epoch", out _).ShouldBeTrue();
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
