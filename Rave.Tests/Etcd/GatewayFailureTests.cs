using System.Text;
using Rave.Client;
using Rave.Tests.Endpoints;
using Rave.Tests.Harness;

namespace Rave.Tests.Etcd;

// A gateway whose cluster does not answer, and one whose socket is not its own.
[Collection(EtcdSuite.Name)]
public sealed class GatewayFailureTests(SharedMember shared) : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Without_a_cluster_requests_are_503_because_nothing_was_sent()
    {
        await using EtcdMember member = await EtcdMember.StartAsync();
        await using LiveGateway gateway = await StartAsync(member, TimeSpan.FromSeconds(2));
        await member.KillAsync();
        Answer read = await gateway.GetAsync("/v1/kv/a");
        read.ShouldBeProblem(503, "LEVEL_DATABASE_NOT_OPEN").ShouldContain("No member of etcd://");
        read.Headers["Retry-After"].ShouldBe(["1"]);
        (await gateway.PutAsync("/v1/kv/a", "1")).ShouldBeProblem(503, "LEVEL_DATABASE_NOT_OPEN");
        (await gateway.GetAsync("/healthz")).ShouldBeProblem(503, "LEVEL_DATABASE_NOT_OPEN");

        await member.StartAgainAsync();
        await Waiting.UntilAsync("the gateway writes again", async () => (await gateway.PutAsync("/v1/kv/a", "1")).Status == 204);
        (await gateway.GetAsync("/healthz")).Text.ShouldBe("ok");
    }

    [Fact]
    public async Task A_write_that_a_hanging_member_may_still_apply_is_500_and_a_read_is_503()
    {
        await using EtcdMember member = await EtcdMember.StartAsync();
        await using LiveGateway gateway = await StartAsync(member, TimeSpan.FromSeconds(2));
        await member.Process.SuspendAsync();
        (await gateway.PutAsync("/v1/kv/a", "1")).ShouldBeProblem(500, "LEVEL_IO_ERROR").ShouldContain("The write may have been applied.");
        (await gateway.GetAsync("/v1/kv/a")).ShouldBeProblem(503, "LEVEL_DATABASE_NOT_OPEN");
        // Now it waits until a member answers, before it sends another one.
        (await gateway.PutAsync("/v1/kv/a", "1")).ShouldBeProblem(503, "LEVEL_DATABASE_NOT_OPEN");

        member.Process.Signal(ChildProcess.Continue);
        await Waiting.UntilAsync("the gateway writes again", async () => (await gateway.PutAsync("/v1/kv/a", "1")).Status == 204);
        await member.Process.SuspendAsync();
        (await gateway.PostAsync("/v1/entries", """{"key":"b","value":"1"}""", "application/x-ndjson"))
            .ShouldBeProblem(500, "LEVEL_IO_ERROR").ShouldContain("0 lines were written before the failure.");
    }

    // Without an idempotency key: sent again, it would count its limit from the start.
    [Fact]
    public async Task A_clear_whose_cluster_dies_in_the_middle_is_500_and_says_how_many_entries_it_has_deleted()
    {
        const int entries = 40_000;
        const int limit = 39_000;
        await using EtcdMember member = await EtcdMember.StartAsync();
        await using LiveGateway gateway = await StartAsync(member, TimeSpan.FromSeconds(3));
        Answer stopped;
        long left;
        do
        {
            await FillAsync(gateway, entries);
            await using EventStream feed = await EventStream.OpenAsync(gateway.SocketPath, "/v1/changes?values=false");
            Task<Answer> clear = gateway.SendAsync("DELETE", $"/v1/entries?all=true&limit={limit}");
            (await feed.NextAsync())!.Type.ShouldBe("del");
            await member.KillAsync();
            stopped = await clear;
            await member.StartAgainAsync();
            left = await CountAsync(gateway);
        }
        // It was done before the kill, or the answer to its first chunk was lost, so it knows of nothing that it has deleted.
        while (stopped.Status == 204 || !stopped.Text.Contains("entries were deleted before the failure", StringComparison.Ordinal));

        stopped.ShouldBeProblem(500, "LEVEL_IO_ERROR");
        long deleted = stopped.Json.GetProperty("deleted").GetInt64();
        deleted.ShouldBeInRange(1, limit);
        // The chunk whose answer was lost may have been deleted too.
        left.ShouldBeInRange(entries - deleted - 1_000, entries - deleted);
    }

    [Fact]
    public async Task A_clear_with_a_key_whose_cluster_dies_in_the_middle_is_500_and_goes_on_when_it_is_sent_again()
    {
        const int entries = 40_000;
        const int limit = 39_000;
        await using EtcdMember member = await EtcdMember.StartAsync();
        await using LiveGateway gateway = await StartAsync(member, TimeSpan.FromSeconds(3));
        Answer stopped;
        for (int n = 1; ; n++)
        {
            (string, string) key = ("Idempotency-Key", $"session-of-a-clear;{n}");
            await FillAsync(gateway, entries);
            await using EventStream feed = await EventStream.OpenAsync(gateway.SocketPath, "/v1/changes?values=false");
            Task<Answer> clear = gateway.SendAsync("DELETE", $"/v1/entries?all=true&limit={limit}", null, key);
            (await feed.NextAsync())!.Type.ShouldBe("del");
            await member.KillAsync();
            stopped = await clear;
            await member.StartAgainAsync();
            Answer again = stopped;
            while (again.Status != 204)
            {
                again = await gateway.SendAsync("DELETE", $"/v1/entries?all=true&limit={limit}", null, key);
            }

            (await CountAsync(gateway)).ShouldBe(entries - limit);
            // It was done before the kill, or the answer to its first chunk was lost.
            if (stopped.Status != 204 && stopped.Text.Contains("it continues", StringComparison.Ordinal))
            {
                break;
            }
        }

        stopped.ShouldBeProblem(500, "LEVEL_IO_ERROR");
        stopped.Json.TryGetProperty("deleted", out _).ShouldBeFalse("it counts by itself");
    }

    [Fact]
    public async Task A_load_whose_cluster_dies_after_its_first_lines_is_500_and_says_how_many_were_written()
    {
        await using EtcdMember member = await EtcdMember.StartAsync();
        await using LiveGateway gateway = await StartAsync(member, TimeSpan.FromSeconds(3));
        GatedLines lines = new(125);
        Task<Answer> load = gateway.SendAsync("POST", "/v1/entries", lines);
        await Waiting.UntilAsync("the first batch is written", async () => await CountAsync(gateway) == 125);
        await member.KillAsync();
        // Notices that the connection is gone: until then, a write may be on it.
        (await gateway.GetAsync("/v1/kv/a")).Status.ShouldBe(503);
        lines.GoOn();
        Answer stopped = await load;
        stopped.ShouldBeProblem(500, "LEVEL_IO_ERROR").ShouldContain("125 lines were written before the failure");
        stopped.Json.GetProperty("written").GetInt64().ShouldBe(125);
    }

    [Fact]
    public async Task A_file_that_is_not_a_socket_is_refused_and_not_changed()
    {
        await File.WriteAllTextAsync(_directory["rave.sock"], "precious");
        await StartAsync(await shared.MemberAsync()).ShouldFailAsync(ErrorCodes.IoError, "is not a socket");
        (await File.ReadAllTextAsync(_directory["rave.sock"])).ShouldBe("precious");
    }

    [Fact]
    public async Task The_socket_of_a_running_process_is_refused_and_stays_private()
    {
        await using LiveGateway gateway = await StartAsync(await shared.MemberAsync());
        await StartAsync(await shared.MemberAsync()).ShouldFailAsync(ErrorCodes.IoError, "the socket of another process");
        (await gateway.GetAsync("/healthz")).Text.ShouldBe("ok");
        File.GetUnixFileMode(gateway.SocketPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task A_gateway_whose_socket_is_deleted_ends()
    {
        await using LiveGateway gateway = await StartAsync(await shared.MemberAsync());
        File.Delete(gateway.SocketPath);
        await gateway.Gateway.Ended.Soon().ShouldFailAsync(ErrorCodes.IoError, "deleted or replaced");
    }

    [Fact]
    public async Task Long_paths_and_other_names_are_served()
    {
        string folder = Directory.CreateDirectory(_directory[new('d', 150)]).FullName;
        string location = $"etcd://127.0.0.1:{(await shared.MemberAsync()).Port}/{EtcdStores.NewName()}";
        string path = Path.Combine(folder, "a-name-of-forty-bytes-for-a-socket.sock");
        await using (LiveGateway gateway = await LiveGateway.StartAsync(location, path))
        {
            File.Exists(gateway.SocketPath).ShouldBeTrue();
        }

        Directory.GetFileSystemEntries(folder).ShouldBeEmpty();
        await LiveGateway.StartAsync(location, Path.Combine(folder, new('s', 41))).ShouldFailAsync(ErrorCodes.InvalidRequest, "40 bytes");
        await LiveGateway.StartAsync(location, Path.Combine(folder, "none", "rave.sock"))
            .ShouldFailAsync(ErrorCodes.IoError, "No such file");
    }

    private static async Task FillAsync(LiveGateway gateway, int entries)
    {
        string lines = string.Concat(Enumerable.Range(0, entries).Select(i => $"{{\"key\":\"{i:d5}\",\"value\":\"\"}}\n"));
        (await gateway.PostAsync("/v1/entries", lines, "application/x-ndjson")).Status.ShouldBe(200);
    }

    private static async Task<long> CountAsync(LiveGateway gateway) =>
        (await gateway.GetAsync("/v1/count")).Json.GetProperty("count").GetInt64();

    // Some lines, and later one more.
    private sealed class GatedLines : HttpContent
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly int _before;

        internal GatedLines(int before)
        {
            _before = before;
            Headers.ContentType = new("application/x-ndjson");
        }

        internal void GoOn() => _gate.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            for (int i = 0; i < _before; i++)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes($"{{\"key\":\"{i:d5}\",\"value\":\"\"}}\n"));
            }

            await stream.FlushAsync();
            await _gate.Task;
            await stream.WriteAsync("{\"key\":\"last\",\"value\":\"\"}\n"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private Task<LiveGateway> StartAsync(EtcdMember member, TimeSpan? operationTimeout = null) => LiveGateway.StartAsync(
        $"etcd://127.0.0.1:{member.Port}/{EtcdStores.NewName()}", _directory["rave.sock"], operationTimeout);
}
