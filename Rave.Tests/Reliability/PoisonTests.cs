using Rave.Client;
using Rave.Server.Location;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// poison-cascade, 10 of the list: a request that kills every leader.
public sealed class PoisonTests
{
    [Fact]
    public async Task A_request_that_kills_its_leaders_fails_and_the_other_processes_survive()
    {
        using TempDirectory directory = new();
        string socket = directory["db/rave.sock"];
        Directory.CreateDirectory(directory["db"]);
        List<ChildProcess> servers = [.. Enumerable.Range(0, 4).Select(_ => ChildProcess.StartServer(directory["db"]))];
        try
        {
            Poison poison = new(servers);
            await using RaveLevel db = await RaveLevel.OpenAsync(directory["db"], new() { CanLead = false, Wire = poison.Around });
            await db.PutAsync("a", "1");

            RaveException failure = await db.PutAsync("poison", "").AsTask().Soon().ShouldThrowAsync<RaveException>();

            failure.Code.ShouldBe("LEVEL_CONNECTION_LOST");
            failure.Message.ShouldContain("3 leaders were lost while they had it");
            failure.MayHaveBeenApplied.ShouldBeTrue();
            poison.Killed.Count.ShouldBe(3, "as many as MaxLeadersLost allows, and no more");
            (await db.GetAsync("a")).ShouldBe("1");
            ChildProcess last = servers.Single(server => !poison.Killed.Contains(server.Id));
            await last.ExpectAsync($"leader {socket}");
            last.HasExited.ShouldBeFalse();
        }
        finally
        {
            foreach (ChildProcess server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    [Fact]
    public void After_several_leaders_in_a_row_crashed_at_once_each_next_one_waits_longer()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory.Path, create: false);
        FakeTime time = new();
        double[] pauses =
        [
            .. Enumerable.Range(0, 12).Select(_ =>
            {
                int crashes = LeaderRecord.Crashes(location, time);
                LeaderRecord.Write(location, time, crashes);
                time.Advance(TimeSpan.FromMilliseconds(300));
                return LeaderRecord.PauseAfter(crashes).TotalMilliseconds;
            }),
        ];
        pauses.ShouldBe([0, 0, 0, 0, 0, 100, 200, 400, 800, 1000, 1000, 1000]);

        // A leader that led for a while, or ended normally, ends the series.
        time.Advance(TimeSpan.FromSeconds(2));
        LeaderRecord.Crashes(location, time).ShouldBe(0);
        LeaderRecord.Write(location, time, crashes: 7);
        LeaderRecord.Crashes(location, time).ShouldBe(8);
        LeaderRecord.End(location);
        LeaderRecord.Crashes(location, time).ShouldBe(0);
        LeaderRecord.Read(location).ShouldBeOfType<LeaderInfo>().Pid.ShouldBe(Environment.ProcessId);
    }

    // The poison is sent to the leader, and kills it.
    private sealed class Poison(List<ChildProcess> servers)
    {
        internal HashSet<int> Killed { get; } = [];

        internal HttpMessageHandler Around(HttpMessageHandler socket) => new Handler(this, socket);

        private sealed class Handler(Poison poison, HttpMessageHandler socket) : DelegatingHandler(socket)
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                if (request.Content is not null && (await request.Content.ReadAsByteArrayAsync(cancellationToken)).AsSpan()
                    .IndexOf("poison"u8) >= 0)
                {
                    using HttpRequestMessage asked = new(HttpMethod.Get, "http://rave/v1/status");
                    using HttpResponseMessage status = await base.SendAsync(asked, cancellationToken);
                    status.EnsureSuccessStatusCode();
                    using System.Text.Json.JsonDocument reported =
                        System.Text.Json.JsonDocument.Parse(await status.Content.ReadAsByteArrayAsync(cancellationToken));
                    int leader = reported.RootElement.GetProperty("leader").GetProperty("pid").GetInt32();
                    await poison.KillAsync(leader);
                    throw new HttpRequestException("The leader died of it.");
                }

                return await base.SendAsync(request, cancellationToken);
            }
        }

        private Task KillAsync(int leader)
        {
            Killed.Add(leader).ShouldBeTrue();
            return servers.Single(server => server.Id == leader).KillAsync();
        }
    }
}
