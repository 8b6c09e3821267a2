using System.Runtime.Versioning;
using Rave.Server.Hosting;
using Rave.Server.Location;
using Rave.Tests.Harness;

namespace Rave.Tests.Leadership;

[UnsupportedOSPlatform("windows")]
public sealed class PermissionTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everybody = (UnixFileMode)0x1FF;

    [Fact]
    public async Task Files_of_a_leader_are_private_under_any_umask()
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
    public async Task An_existing_directory_is_not_changed_and_a_warning_says_if_others_can_read_it()
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
    public void A_socket_is_private_before_it_listens()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory.Path, create: false);
        using LeaderSocket socket = new(location);
        using System.Net.Sockets.Socket bound = socket.Bind();
        File.GetUnixFileMode(Directory.GetFiles(directory.Path, "rave.sock.*").Single()).ShouldBe(Owner);
        socket.IsPublished.ShouldBeFalse();
    }

    // As an ordinary user, for root may do everything.
    [Theory]
    [Needs(Need.FileModes, Need.Setpriv)]
    [InlineData("0177", "a/b/db")]
    [InlineData("0111", "db")]
    public async Task A_directory_is_usable_even_if_the_umask_removes_rights_of_the_owner(string mask, string location)
    {
        using TempDirectory directory = new();
        await OrdinaryUser.OwnAsync(directory.Path);
        (await OrdinaryUser.RunAsync($"umask {mask}; exec {ChildProcess.RavePath} put {directory[location]} a 1")).ShouldBe((0, "", ""));
        (await OrdinaryUser.RunAsync($"umask {mask}; exec {ChildProcess.RavePath} get {directory[location]} a")).ShouldBe((0, "1", ""));
        File.GetUnixFileMode(directory[location]).ShouldBe(Owner | UnixFileMode.UserExecute);
        foreach (string file in Directory.GetFiles(directory[location], "rave.*"))
        {
            File.GetUnixFileMode(file).ShouldBe(Owner, file);
        }
    }

    [Theory]
    [Needs(Need.FileModes, Need.Setpriv)]
    [InlineData("0777")]
    [InlineData("0200")]
    [InlineData("0400")]
    public async Task An_umask_that_breaks_LevelDB_is_refused_and_another_one_works_there_afterwards(string mask)
    {
        using TempDirectory directory = new();
        await OrdinaryUser.OwnAsync(directory.Path);
        (int exit, string output, string errors) =
            await OrdinaryUser.RunAsync($"umask {mask}; exec {ChildProcess.RavePath} put {directory["db"]} a 1");
        exit.ShouldBe(3);
        output.ShouldBeEmpty();
        errors.ShouldContain($"With the umask {mask} ");
        (await OrdinaryUser.RunAsync($"umask 077; exec {ChildProcess.RavePath} put {directory["db"]} a 1")).ShouldBe((0, "", ""));
    }

    private static ChildProcess StartWithoutMask(string location) =>
        ChildProcess.Start("sh", "-c", "umask 000; exec \"$0\" \"$1\"", ChildProcess.ServerPath, location);
}
