using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Rave.Client;
using Rave.Server.Election;
using Rave.Server.Location;
using Rave.Tests.Harness;
using Rave.Tests.Storage;

namespace Rave.Tests.Endpoints;

// The codes of a leader that cannot work, permanently or now. Each failure is a real one. The leaders run in this process, to save time.
public sealed class FailureCodeTests : IDisposable
{
    private static readonly byte[] Large = new byte[100_000];

    private readonly TempDirectory _directory = new();
    private readonly DatabaseLocation _location;

    public FailureCodeTests() => _location = DatabaseLocation.Resolve(_directory["db"], create: true);

    public void Dispose()
    {
        _location.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Status_429_is_LEVEL_TOO_MANY()
    {
        await using Leader leader = await LeadAsync(new() { Snapshots = 1, Subscribers = 0, Sessions = 1 });
        (await AskAsync("POST /v1/snapshots")).Status.ShouldBe(201);
        (await AskAsync("POST /v1/snapshots")).ShouldBeProblem(429, "LEVEL_TOO_MANY");
        (await AskAsync("GET /v1/changes")).ShouldBeProblem(429, "LEVEL_TOO_MANY");
        (await AskAsync("PUT /v1/kv/a", "1", "Idempotency-Key: the-only-session-there-is;1")).Status.ShouldBe(204);
        (await AskAsync("PUT /v1/kv/b", "1", "Idempotency-Key: one-session-too-many;1")).ShouldBeProblem(429, "LEVEL_TOO_MANY");
        (await AskAsync("GET /v1/kv/b")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Status_500_is_LEVEL_CORRUPTION_and_never_a_wrong_value()
    {
        await using Leader leader = await LeadAsync();
        await leader.Store.PutAsync("a"u8.ToArray(), Large, sync: false);
        await leader.Store.CompactAsync(new(null, null), TestContext.Current.CancellationToken);
        Damage(Directory.GetFiles(_location.Directory, "*.ldb").Single());
        (await AskAsync("GET /v1/kv/a")).ShouldBeProblem(500, "LEVEL_CORRUPTION");
        WireAnswer lines = await AskAsync("GET /v1/entries", null, SharedLeader.Lines);
        (lines is { Status: 200, IsWhole: true }).ShouldBeFalse();
    }

    [Fact]
    public async Task Status_500_is_LEVEL_IO_ERROR_and_healthz_is_503_while_reads_continue()
    {
        await using Leader leader = await LeadAsync();
        await leader.Store.PutAsync("a"u8.ToArray(), Large, sync: false);
        ForEachNextLog(path => Directory.CreateDirectory(path));
        (await AskAsync("PUT /v1/kv/b", "1")).ShouldBeProblem(500, "LEVEL_IO_ERROR");
        (await AskAsync("GET /healthz")).ShouldBeProblem(503, "LEVEL_IO_ERROR");
        (await AskAsync("HEAD /v1/kv/a")).Status.ShouldBe(200);
        (await AskAsync("GET /v1/kv/b")).Status.ShouldBe(404);
    }

    [Fact]
    [Needs(Need.FullDevice)]
    public async Task Status_507_is_LEVEL_IO_ERROR_if_the_disk_is_full()
    {
        await using Leader leader = await LeadAsync();
        await leader.Store.PutAsync("a"u8.ToArray(), Large, sync: false);
        ForEachNextLog(path => File.CreateSymbolicLink(path, "/dev/full"));
        (await AskAsync("PUT /v1/kv/b", "1")).ShouldBeProblem(507, "LEVEL_IO_ERROR");
        (await AskAsync("DELETE /v1/entries?all=true")).ShouldBeProblem(507, "LEVEL_IO_ERROR");
        (await AskAsync("HEAD /v1/kv/a")).Status.ShouldBe(200);
    }

    [Fact]
    [Needs(Need.FullDevice)]
    public async Task A_clear_that_fails_after_its_first_chunk_says_how_many_entries_it_has_deleted()
    {
        const int entries = 25_000;
        await using Leader leader = await LeadAsync();
        string lines = string.Concat(Enumerable.Range(0, entries).Select(i => $"{{\"key\":\"{i:d5}\",\"value\":\"\"}}\n"));
        (await AskAsync("POST /v1/entries", lines, SharedLeader.Ndjson)).Status.ShouldBe(200);
        await leader.Store.CompactAsync(new(null, null), CancellationToken.None);
        // The first chunk fills the write buffer.
        ForEachNextLog(path => File.CreateSymbolicLink(path, "/dev/full"));
        WireAnswer stopped = await AskAsync("DELETE /v1/entries?all=true&limit=24000");
        stopped.ShouldBeProblem(507, "LEVEL_IO_ERROR").ShouldContain("10000 entries were deleted before the failure");
        stopped.Json.GetProperty("deleted").GetInt64().ShouldBe(10_000);
        (await AskAsync("GET /v1/count")).Body.ShouldBe($$"""{"count":{{entries - 10_000}}}""");
    }

    [Fact]
    [Needs(Need.FullDevice)]
    public async Task A_compaction_on_a_full_disk_is_507_and_so_are_later_writes()
    {
        await using Leader leader = await LeadAsync();
        await leader.Store.PutAsync("a"u8.ToArray(), Large, sync: false);
        ForEachNext("ldb", path => File.CreateSymbolicLink(path, "/dev/full"));
        (await AskAsync("POST /v1/compact")).ShouldBeProblem(507, "LEVEL_IO_ERROR");
        (await AskAsync("PUT /v1/kv/b", "1")).ShouldBeProblem(507, "LEVEL_IO_ERROR");
        (await AskAsync("HEAD /v1/kv/a")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Status_503_is_LEVEL_DATABASE_NOT_OPEN_while_it_stops()
    {
        Leader leader = await LeadAsync();
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_location.SocketPath));
        await using NetworkStream stream = new(socket);
        string line = new string(' ', 1 << 20) + "{\"key\":\"a\",\"value\":\"1\"}\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/entries HTTP/1.1\r\nHost: rave\r\n{SharedLeader.Ndjson}\r\nContent-Length: 100000000\r\n"
                + $"Connection: close\r\n\r\n{line}"));
        await leader.DisposeAsync();
        ShouldAskToRetry(WireAnswer.Of(await RawHttp.ReadAsync(stream)), "LEVEL_DATABASE_NOT_OPEN");
    }

    [Fact]
    public async Task Status_503_is_LEVEL_OVERLOADED_at_once_if_too_many_writes_wait_and_nothing_is_executed()
    {
        await using Leader leader = await LeadAsync();
        await leader.Store.PutAsync("a"u8.ToArray(), Large, sync: false);
        List<string> pipes = [];
        ForEachNextLog(pipes.Add);
        await using (ChildProcess made = ChildProcess.Start("mkfifo", [.. pipes]))
        {
            (await made.WaitForExitAsync()).ShouldBe(0);
        }

        // LevelDB waits in open() until a reader opens its next log, and all other writes wait for it. The first write is sent alone. A
        // group of writes could be larger than the pipe, and LevelDB would wait in write() for ever.
        List<Task> waiting = [leader.Store.PutAsync("b"u8.ToArray(), default, sync: true).AsTask()];
        await Waiting.UntilAsync("the first write runs", () => leader.Store.Figures().WaitingWrites == 0);
        while (waiting is not [.., { IsFaulted: true }] && waiting.Count < 200_000)
        {
            waiting.Add(leader.Store.PutAsync("b"u8.ToArray(), default, sync: true).AsTask());
        }

        try
        {
            waiting.Count.ShouldBeGreaterThan(100_000);
            ShouldAskToRetry(await AskAsync("PUT /v1/kv/c", "1"), "LEVEL_OVERLOADED");
        }
        finally
        {
            // It continues and fails, because a pipe cannot be synced.
            List<FileStream> ends = pipes.ConvertAll(path => new FileStream(path, FileMode.Open, FileAccess.ReadWrite));
            await Task.WhenAll(waiting).Soon().ShouldThrowAsync<RaveException>();
            ends.ForEach(end => end.Dispose());
        }

        (await AskAsync("GET /v1/kv/c")).Status.ShouldBe(404);
    }

    private Task<Leader> LeadAsync(Limits? limits = null) =>
        Embedded.LeadAsync(_location,
            new() { Limits = limits ?? new(), LevelDb = new() { WriteBufferSize = 64 << 10, Compression = false } });

    private Task<WireAnswer> AskAsync(string request, string? body = null, params string[] headers) =>
        WireAnswer.AskAsync(_location.SocketPath, request, body, headers);

    // The write buffer is full: the next write begins another log, under one of these names.
    private void ForEachNextLog(Action<string> prepare) => ForEachNext("log", prepare);

    private void ForEachNext(string extension, Action<string> prepare)
    {
        int last = Directory.GetFiles(_location.Directory, "*.log")
            .Max(path => int.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture));
        for (int number = last + 1; number <= last + 4; number++)
        {
            prepare(Path.Combine(_location.Directory, $"{number:d6}.{extension}"));
        }
    }

    private static void Damage(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite) { Position = Large.Length / 2 };
        file.Write("damage"u8);
    }

    private static void ShouldAskToRetry(WireAnswer answer, string code)
    {
        answer.ShouldBeProblem(503, code);
        answer.Header("Retry-After").ShouldMatch("^[0-9]+$");
    }
}
