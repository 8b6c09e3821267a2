using System.Runtime.Versioning;
using Rave.Server.Leadership;
using Rave.Tests.Harness;

namespace Rave.Tests.Leadership;

[UnsupportedOSPlatform("windows")]
public sealed class PermissionTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everybody = (UnixFileMode)0x1FF;

    [Fact]
    public async Task What_a_leader_creates_is_its_owners_alone_whatever_the_mask()
    {
        using TempDirectory directory = new();
        await using ChildProcess server = StartWithoutMask(directory["a/db"]);
        (await server.ReadLineAsync()).ShouldBe($"leader {directory["a/db/rave.sock"]}");

        File.GetUnixFileMode(directory["a/db"]).ShouldBe(Owner | UnixFileMode.UserExecute);
        string[] files = Directory.GetFiles(directory["a/db"], "rave.*");
        files.Length.ShouldBe(4, "the lock, the record, the socket under its public and its temporary name");
        foreach (string file in files)
        {
            File.GetUnixFileMode(file).ShouldBe(Owner, file);
        }

        (await server.TerminateAsync()).ShouldBe(0);
        (await server.Errors).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_existing_directory_is_left_as_it_is_and_one_that_others_can_read_is_said()
    {
        using TempDirectory directory = new();
        Directory.CreateDirectory(directory["db"]);
        File.SetUnixFileMode(directory["db"], Everybody);
        await using ChildProcess server = StartWithoutMask(directory["db"]);
        (await server.ReadLineAsync()).ShouldBe($"leader {directory["db/rave.sock"]}");

        File.GetUnixFileMode(directory["db"]).ShouldBe(Everybody);
        File.GetUnixFileMode(directory["db/rave.sock"]).ShouldBe(Owner);
        (await server.TerminateAsync()).ShouldBe(0);
        (await server.Errors).ShouldStartWith($"rave-server: '{directory["db"]}' is open to other users (mode 0777)");
    }

    [Fact]
    public void A_socket_is_its_owners_alone_before_it_listens()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory.Path, create: false);
        using LeaderSocket socket = new(location);
        using System.Net.Sockets.Socket bound = socket.Bind();
        File.GetUnixFileMode(Directory.GetFiles(directory.Path, "rave.sock.*").Single()).ShouldBe(Owner);
        socket.IsPublished.ShouldBeFalse();
    }

    private static ChildProcess StartWithoutMask(string location) =>
        ChildProcess.Start("sh", "-c", "umask 000; exec \"$0\" \"$1\"", ChildProcess.ServerPath, location);
}
