using System.Net;
using System.Text.Json;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// disk-full, 6 and 7 of the list. LevelDB continues to acknowledge after a failed write, and loses all of it when it is opened again.
[Needs(Need.Root)]
public sealed class DiskFullTests
{
    // Data that compresses badly. Otherwise it would hardly fill the disk.
    private static readonly string Value = Convert.ToBase64String(RandomBytes(75_000));

    [Fact]
    public async Task A_full_disk_loses_no_acknowledged_write_and_writing_continues_when_there_is_space()
    {
        await using SmallDisk disk = await SmallDisk.MountAsync(megabytes: 32);
        string ballast = await disk.TakeAsync(megabytes: 20);
        int written;
        await using (LiveLeader leader = await LiveLeader.StartAtAsync(disk["db"]))
        {
            long epoch = await EpochAsync(leader);
            (written, JsonElement refusal) = await FillAsync(leader);
            refusal.GetProperty("code").GetString().ShouldBe("LEVEL_IO_ERROR");
            refusal.GetProperty("detail").GetString()!.ShouldContain("disk is full");
            written.ShouldBeGreaterThan(20);

            // No write is acknowledged any more, not even a small one, and everything can be read.
            (await leader.PutAsync("/v1/kv/small", "1")).StatusCode.ShouldBe(HttpStatusCode.InsufficientStorage);
            using HttpResponseMessage health = await leader.Http.GetAsync("/healthz");
            ((int)health.StatusCode).ShouldBeGreaterThanOrEqualTo(500);
            (await health.Content.ReadAsStringAsync()).ShouldContain("disk is full");
            await ShouldHoldAsync(leader, written);

            File.Delete(ballast);
            await leader.Process.ExpectAsync($"leader {leader.SocketPath}");
            (await EpochAsync(leader)).ShouldBeGreaterThan(epoch);
            (await leader.PutAsync("/v1/kv/after", "1")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
            await ShouldHoldAsync(leader, written);
        }

        // That one was killed.
        await using LiveLeader next = await LiveLeader.StartAtAsync(disk["db"]);
        await ShouldHoldAsync(next, written);
        (await next.Http.GetStringAsync("/v1/kv/after")).ShouldBe("1");
    }

    [Fact]
    public async Task A_full_disk_at_a_takeover_is_reported_and_waited_for()
    {
        await using SmallDisk disk = await SmallDisk.MountAsync(megabytes: 16);
        await using (LiveLeader first = await LiveLeader.StartAtAsync(disk["db"]))
        {
            (await first.PutAsync("/v1/kv/a", "1")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }

        string ballast = disk["ballast"];
        Fill(ballast);
        await using ChildProcess second = ChildProcess.StartServer(disk["db"]);
        (await second.ExpectErrorAsync("No space left")).ShouldContain(disk["db"]);
        second.HasExited.ShouldBeFalse();
        File.Delete(ballast);
        await second.ExpectAsync($"leader {disk["db"]}/rave.sock");
        using HttpClient http = LiveLeader.Client(Path.Combine(disk["db"], "rave.sock"));
        (await http.GetStringAsync("/v1/kv/a")).ShouldBe("1");
    }

    private static byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    // To the last byte.
    private static void Fill(string path)
    {
        using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                file.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // Full, as is wanted.
        }
    }

    // The number of acknowledged values before the first failure, and the answer to the failed one.
    private static async Task<(int Written, JsonElement Refusal)> FillAsync(LiveLeader leader)
    {
        for (int i = 0; i < 1000; i++)
        {
            using HttpResponseMessage answer = await leader.PutAsync($"/v1/kv/{i}", i + Value);
            if (answer.StatusCode != HttpStatusCode.NoContent)
            {
                answer.StatusCode.ShouldBe(HttpStatusCode.InsufficientStorage);
                return (i, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsByteArrayAsync()));
            }
        }

        throw new InvalidOperationException("The disk was never full.");
    }

    private static async Task ShouldHoldAsync(LiveLeader leader, int written)
    {
        for (int i = 0; i < written; i++)
        {
            (await leader.Http.GetStringAsync($"/v1/kv/{i}")).ShouldBe(i + Value);
        }
    }

    private static async Task<long> EpochAsync(LiveLeader leader) =>
        (await leader.GetJsonAsync("/v1/status")).GetProperty("leader").GetProperty("epoch").GetInt64();
}
