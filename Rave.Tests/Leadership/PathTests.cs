using Microsoft.Win32.SafeHandles;
using Rave.Client;
using Rave.Server.Platform;
using Rave.Tests.Harness;

namespace Rave.Tests.Leadership;

public sealed class PathTests
{
    // Bytes that a path may contain: two-, three- and four-byte characters, spaces, quotes, a percent sign.
    private const string Strange = "a b 'c' \"d\" %41 äöü 数据库 🗄";

    [Fact]
    public async Task A_path_with_spaces_and_multi_byte_characters_works()
    {
        using TempDirectory directory = new();
        await ServesAsync(directory, directory[Strange]);
    }

    [Fact]
    public async Task A_path_longer_than_a_socket_address_works()
    {
        using TempDirectory directory = new();
        await ServesAsync(directory, Long(directory, 900));
    }

    // The socket's own path, and that of its temporary name, reach the limit of 107 bytes at different lengths of the directory's.
    [Theory]
    [InlineData(85)]
    [InlineData(90)]
    [InlineData(96)]
    [InlineData(97)]
    [InlineData(98)]
    [InlineData(106)]
    [InlineData(107)]
    [InlineData(108)]
    [InlineData(240)]
    public async Task A_path_around_the_length_of_a_socket_address_works(int bytes)
    {
        using TempDirectory directory = new();
        string path = Long(directory, bytes);
        await using RaveLevel leader = await RaveLevel.OpenAsync(path);
        await using RaveLevel follower = await RaveLevel.OpenAsync(path);
        (leader.IsLeader, follower.IsLeader).ShouldBe((true, false));
        await follower.PutAsync("hello", "world");
        await ShouldBeReachedFromInsideAsync(path);
        await leader.CloseAsync();
        (await follower.GetAsync("hello")).ShouldBe("world");
        follower.IsLeader.ShouldBeTrue();
        await follower.CloseAsync();
        Directory.GetFiles(path, "rave.sock*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Processes_with_different_spellings_of_the_path_share_the_database()
    {
        using TempDirectory directory = new();
        Directory.CreateDirectory(directory["real/db"]);
        Directory.CreateSymbolicLink(directory["link"], directory["real"]);
        await using ChildProcess leader = ChildProcess.StartServer(directory["real/db"]);
        (await leader.ReadLineAsync()).ShouldBe($"leader {directory["real/db/rave.sock"]}");

        foreach (string spelling in (string[])["link/db", "real/../link/./db", "real/db/", "real//db"])
        {
            await using ChildProcess follower = ChildProcess.StartServer(directory[spelling]);
            (await follower.ReadLineAsync()).ShouldBe($"follower {directory["real/db/rave.sock"]}", spelling);
        }

        await using ChildProcess relative = ChildProcess.Start(ChildProcess.ServerPath, ["db"], start =>
            start.WorkingDirectory = directory["real"]);
        (await relative.ReadLineAsync()).ShouldBe($"follower {directory["real/db/rave.sock"]}");
    }

    // A single name has at most 255 bytes.
    private static string Long(TempDirectory directory, int bytes)
    {
        string path = directory.Path;
        while (path.Length < bytes)
        {
            path += "/" + new string('x', Math.Max(1, Math.Min(200, bytes - path.Length - 1)));
        }

        return path;
    }

    // As curl uses it inside the directory.
    private static async Task ShouldBeReachedFromInsideAsync(string path)
    {
        using SafeFileHandle inside = Posix.OpenDirectoryPath(path);
        string socketPath = $"/proc/self/fd/{inside.DangerousGetHandle()}/rave.sock";
        (await RawHttp.SendAsync(socketPath, "GET", "/healthz")).Status.ShouldBe(200);
    }

    // Leads, is reached, is followed, and hands over.
    private static async Task ServesAsync(TempDirectory directory, string path)
    {
        await using ChildProcess leader = ChildProcess.StartServer(path);
        (await leader.ReadLineAsync()).ShouldBe($"leader {path}/rave.sock");
        await ShouldBeReachedFromInsideAsync(path);

        await using ChildProcess follower = ChildProcess.StartServer(path);
        (await follower.ReadLineAsync()).ShouldBe($"follower {path}/rave.sock");
        (await leader.TerminateAsync()).ShouldBe(0);
        (await follower.ReadLineAsync()).ShouldBe($"leader {path}/rave.sock");
        (await follower.TerminateAsync()).ShouldBe(0);
        Directory.GetFiles(path, "rave.sock*").ShouldBeEmpty();
    }
}
