using System.Diagnostics;
using System.Threading.Channels;
using Rave.Client;
using Rave.Server.Election;
using Rave.Server.LevelDb;
using Rave.Server.Location;
using Rave.Tests.Harness;

namespace Rave.Tests.Leadership;

// A program that opens the database directly locks LevelDB's LOCK and not rave.lock. Here, the test itself is this program.
public sealed class ForeignHolderTests
{
    [Fact]
    public async Task A_server_names_the_holder_of_LevelDBs_lock_and_leads_when_it_is_released()
    {
        using TempDirectory directory = new();
        LevelDatabase foreign = LevelDatabase.Open(directory.Path, new(), create: true);
        await using ChildProcess server = ChildProcess.StartServer(directory.Path);

        string waiting = await server.ExpectErrorAsync("waiting");
        waiting.ShouldStartWith($"rave-server: waiting: process {Environment.ProcessId} (");
        waiting.ShouldEndWith($"has '{directory.Path}' open without RaveLevel.");
        File.Exists(directory["rave.sock"]).ShouldBeFalse();

        foreign.Dispose();
        (await server.ReadLineAsync()).ShouldBe($"leader {directory["rave.sock"]}");
        (await server.TerminateAsync()).ShouldBe(0);
        (await server.Errors).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length
            .ShouldBe(1, "it is reported once for all attempts");
    }

    [Fact]
    public async Task Waiting_for_a_foreign_holder_ends_at_once_on_SIGTERM()
    {
        using TempDirectory directory = new();
        using LevelDatabase foreign = LevelDatabase.Open(directory.Path, new(), create: true);
        await using ChildProcess server = ChildProcess.StartServer(directory.Path);
        await server.ExpectErrorAsync("waiting");
        (await server.TerminateAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_campaign_against_a_foreign_holder_waits_longer_after_each_attempt()
    {
        using TempDirectory directory = new();
        using LevelDatabase foreign = LevelDatabase.Open(directory.Path, new(), create: true);
        using DatabaseLocation location = DatabaseLocation.Resolve(directory.Path, create: false);
        Channel<(RaveException Failure, long When)> failures = Channel.CreateUnbounded<(RaveException, long)>();
        await using Campaign campaign = new(location, new(), Embedded.OpenOrCreate);
        campaign.Failed += failure => failures.Writer.TryWrite((failure, Stopwatch.GetTimestamp()));
        campaign.Start();

        (RaveException failure, long first) = await failures.Reader.ReadAsync().AsTask().Soon();
        for (int i = 0; i < 2; i++)
        {
            await failures.Reader.ReadAsync().AsTask().Soon();
        }

        (_, long fourth) = await failures.Reader.ReadAsync().AsTask().Soon();
        failure.Code.ShouldBe(ErrorCodes.Locked);
        failure.MayPass.ShouldBeTrue();
        campaign.Failure!.Code.ShouldBe(ErrorCodes.Locked);
        // 50, 100 and 200 ms, the least that jitter leaves of the first three waits; less a tick of the timer each.
        Stopwatch.GetElapsedTime(first, fourth).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(340));
    }
}
