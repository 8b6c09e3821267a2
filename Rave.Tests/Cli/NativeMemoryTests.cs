using System.Diagnostics;
using System.Net.Sockets;
using Rave.Tests.Harness;

namespace Rave.Tests.Cli;

// rave-server restarts itself with one arena, in the same process. Nothing else may change.
[Needs(Need.Glibc)]
public sealed class NativeMemoryTests
{
    // The size that glibc reserves for each arena after the first, at a multiple of this size (HEAP_MAX_SIZE in malloc/arena.c).
    private const long ArenaBytes = 64 << 20;

    private const string ArenaMax = "MALLOC_ARENA_MAX";

    [Fact]
    public async Task All_threads_of_a_server_allocate_in_one_arena()
    {
        using TempDirectory directory = new();
        await using ChildProcess server = await StartAsync(directory["db"], start => start.Environment.Remove(ArenaMax));
        using HttpClient http = LiveLeader.Client(directory["db/rave.sock"]);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            using HttpResponseMessage put = await http.PutAsync($"/v1/kv/{i}", new ByteArrayContent(new byte[1000]));
            put.EnsureSuccessStatusCode();
        }));
        ArenasBesideTheFirst(server.Id).ShouldBe(0);
    }

    [Fact]
    public async Task A_value_that_was_set_is_kept()
    {
        using TempDirectory directory = new();
        await using ChildProcess server = await StartAsync(directory["db"], start => start.Environment[ArenaMax] = "3");
        (await File.ReadAllTextAsync($"/proc/{server.Id}/environ")).Split('\0').ShouldContain($"{ArenaMax}=3");
    }

    [Fact]
    public async Task Diagnostic_tools_still_find_a_server()
    {
        using TempDirectory directory = new();
        await using ChildProcess server = await StartAsync(directory["db"], start => start.Environment.Remove(ArenaMax));
        // A killed process may have left one, perhaps with the same process id.
        Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{server.Id}-*-socket").Count(IsListening).ShouldBe(1);
    }

    private static async Task<ChildProcess> StartAsync(string location, Action<ProcessStartInfo> configure)
    {
        ChildProcess server = ChildProcess.Start(ChildProcess.ServerPath, [location], configure);
        (await server.ReadLineAsync()).ShouldBe($"leader {location}/rave.sock");
        return server;
    }

    private static bool IsListening(string path)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // The used part of each arena is followed by its reserved part. Together they have the full size.
    private static int ArenasBesideTheFirst(int process)
    {
        (long Start, long End, string Access)[] mappings = [.. File.ReadLines($"/proc/{process}/maps").Select(Mapping)];
        return mappings.Zip(mappings.Skip(1)).Count(pair =>
            pair is ({ Access: "rw-p" } used, { Access: "---p" } unused) && used.Start % ArenaBytes == 0 && used.End == unused.Start
                && unused.End == used.Start + ArenaBytes);
    }

    private static (long Start, long End, string Access) Mapping(string line)
    {
        string[] parts = line.Split('-', ' ');
        return (Convert.ToInt64(parts[0], 16), Convert.ToInt64(parts[1], 16), line.Split(' ')[1]);
    }
}
