using System.Diagnostics;
using System.Net;
using Rave.Server.Platform;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// sync-error/fail-Nth-syscall, 9 of the list, for a failed write. LevelDB would continue to acknowledge.
public sealed class FailingDiskTests
{
    [Fact]
    [Needs(Need.Linux, Need.Gcc)]
    public async Task After_a_failed_write_writes_are_refused_reads_continue_and_reopening_waits_longer_until_a_write_succeeds()
    {
        using FailingDisk disk = await FailingDisk.CompileAsync();
        using TempDirectory directory = new();
        await using ChildProcess server = disk.StartServer(directory["db"]);
        string leading = $"leader {directory["db/rave.sock"]}";
        await server.ExpectAsync(leading);
        using HttpClient http = LiveLeader.Client(directory["db/rave.sock"]);
        (await PutAsync(http, "before")).ShouldBe(HttpStatusCode.NoContent);

        disk.FallIll();
        List<TimeSpan> waits = [];
        for (int i = 0; i < 3; i++)
        {
            (await PutAsync(http, $"ill{i}")).ShouldBe(HttpStatusCode.InternalServerError);
            long failed = Stopwatch.GetTimestamp();
            (await PutAsync(http, $"refused{i}")).ShouldBe(HttpStatusCode.InternalServerError);
            (await http.GetStringAsync("/v1/kv/before", TestContext.Current.CancellationToken)).ShouldBe("1", "reads go on");
            await server.ExpectAsync(leading);
            waits.Add(Stopwatch.GetElapsedTime(failed));
        }

        // Half a second, one and two seconds, each with jitter. A leader without followers also waits a second after it steps down.
        waits[2].ShouldBeGreaterThan(TimeSpan.FromSeconds(2));
        disk.Recover();
        (await PutAsync(http, "after")).ShouldBe(HttpStatusCode.NoContent);
        (await http.GetStringAsync("/v1/kv/before", TestContext.Current.CancellationToken)).ShouldBe("1");

        await server.KillAsync();
        await using LiveLeader next = await LiveLeader.StartAtAsync(directory["db"]);
        foreach (string acknowledged in (string[])["before", "after"])
        {
            (await next.Http.GetStringAsync($"/v1/kv/{acknowledged}", TestContext.Current.CancellationToken)).ShouldBe("1");
        }

        for (int i = 0; i < 3; i++)
        {
            (await next.Http.GetAsync($"/v1/kv/refused{i}", TestContext.Current.CancellationToken)).StatusCode
                .ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public void A_wait_doubles_up_to_its_limit_with_jitter_and_starts_again_after_a_reset()
    {
        Backoff backoff = new(TimeProvider.System, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));
        for (int round = 0; round < 2; round++)
        {
            foreach (double longest in (double[])[0.5, 1, 2, 4, 8, 16, 30, 30])
            {
                backoff.Next().TotalSeconds.ShouldBeInRange(longest / 2, longest);
            }

            backoff.Reset();
        }
    }

    private static async Task<HttpStatusCode> PutAsync(HttpClient http, string key)
    {
        using HttpResponseMessage answer =
            await http.PutAsync($"/v1/kv/{key}", new StringContent("1"), TestContext.Current.CancellationToken).Soon();
        return answer.StatusCode;
    }
}
