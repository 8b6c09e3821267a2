using System.Globalization;
using System.Runtime.Versioning;
using Rave.Server.Election;
using Rave.Server.Location;
using Rave.Tests.Harness;

namespace Rave.Tests.Leadership;

// Only root can act as other users, so these tests run only as root.
[UnsupportedOSPlatform("windows")]
[Needs(Need.Root, Need.Setpriv, Need.Curl)]
public sealed class OtherUserTests
{
    private const int Owner = 64001;
    private const int Stranger = 64002;
    private const int Group = 64100;
    private const UnixFileMode Everybody = (UnixFileMode)0x1FF;

    [Fact]
    public async Task Root_does_not_lead_a_location_of_another_user_and_leaves_nothing_in_it()
    {
        using TempDirectory directory = await PreparedAsync(Owner);
        await using ChildProcess root = ChildProcess.StartServer(directory["db"]);
        (await root.WaitForExitAsync()).ShouldBe(3);
        (await root.Errors).ShouldContain($"belongs to user {Owner}");
        Directory.GetFileSystemEntries(directory["db"]).ShouldBeEmpty();
    }

    [Fact]
    public async Task Root_follows_the_owner_and_waits_when_it_is_gone()
    {
        using TempDirectory directory = await PreparedAsync(Owner);
        await using ChildProcess owner = StartAs(Owner, ChildProcess.ServerPath, directory["db"]);
        (await owner.ReadLineAsync()).ShouldBe($"leader {directory["db/rave.sock"]}");
        await using ChildProcess root = ChildProcess.StartServer(directory["db"]);
        (await root.ReadLineAsync()).ShouldBe($"follower {directory["db/rave.sock"]}");

        await owner.KillAsync();
        (await root.ExpectErrorAsync("waiting")).ShouldContain($"the last to lead was process {owner.Id} ");

        await using ChildProcess again = StartAs(Owner, ChildProcess.ServerPath, directory["db"]);
        (await again.ReadLineAsync()).ShouldBe($"leader {directory["db/rave.sock"]}");
        (await root.ReadLineAsync()).ShouldBe($"follower {directory["db/rave.sock"]}");
    }

    [Fact]
    public async Task Another_user_is_refused_even_if_the_socket_is_open_to_all_users()
    {
        using TempDirectory directory = await PreparedAsync(0);
        await using ChildProcess leader = ChildProcess.StartServer(directory["db"]);
        (await leader.ReadLineAsync()).ShouldBe($"leader {directory["db/rave.sock"]}");
        string[] request = ["curl", "-s", "-w", "%{http_code}", "--unix-socket", directory["db/rave.sock"], "http://rave/v1/kv/hello"];

        // As it is: the kernel refuses.
        await using ChildProcess refused = StartAs(Stranger, request);
        (await refused.ReadLineAsync()).ShouldBe("000");

        File.SetUnixFileMode(directory["db/rave.sock"], Everybody);
        await using ChildProcess forbidden = StartAs(Stranger, request);
        string? answer = await forbidden.ReadLineAsync();
        answer.ShouldNotBeNull().ShouldEndWith("403");
        answer.ShouldContain("LEVEL_FORBIDDEN");
    }

    [Fact]
    public async Task Nothing_is_sent_to_a_socket_on_which_another_user_listens()
    {
        using TempDirectory directory = await PreparedAsync(0);
        await using ChildProcess stranger = StartAs(Stranger, ChildProcess.ServerPath, directory["db"]);
        (await stranger.ReadLineAsync()).ShouldBe($"leader {directory["db/rave.sock"]}");

        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: false);
        (await LeaderWatch.TryConnectAsync(location, TimeProvider.System, TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task Only_members_of_the_served_group_may_follow()
    {
        using TempDirectory directory = await PreparedAsync(0);
        string location = directory["own"];
        await using ChildProcess leader = ChildProcess.StartServer(location, "--group", $"{Group}");
        (await leader.ReadLineAsync()).ShouldBe($"leader {location}/rave.sock");
        File.GetUnixFileMode(location).ShouldBe((UnixFileMode)0x1C8, "0710");
        File.GetUnixFileMode($"{location}/rave.sock").ShouldBe((UnixFileMode)0x1B0, "0660");
        string[] member = ["--reuid=64003", "--regid=64003", $"--groups={Group}"];
        string[] request = ["curl", "-s", "-w", "%{http_code}", "--unix-socket", $"{location}/rave.sock", "http://rave/v1/kv/hello"];

        // Whether the group is the member's first or one of its others; through the client, which would lead if it could.
        (await SucceedsAsync("setpriv", [.. member, Rave, "put", location, "hello", "world"])).ShouldBeTrue();
        await using ChildProcess first = ChildProcess.Start("setpriv", ["--reuid=64003", $"--regid={Group}", "--clear-groups", .. request]);
        (await first.ReadLineAsync()).ShouldBe("world200");
        (await SucceedsAsync("setpriv", [.. member, "ls", location])).ShouldBeFalse();

        await using ChildProcess refused = StartAs(Stranger, request);
        (await refused.ReadLineAsync()).ShouldBe("000");
        (await SucceedsAsync("setpriv", [.. As(Stranger), "cat", $"{location}/CURRENT"])).ShouldBeFalse();
        File.SetUnixFileMode(location, Everybody);
        File.SetUnixFileMode($"{location}/rave.sock", Everybody);
        await using ChildProcess forbidden = StartAs(Stranger, request);
        (await forbidden.ReadLineAsync()).ShouldNotBeNull().ShouldEndWith("403");

        (await leader.TerminateAsync()).ShouldBe(0);
        (await leader.Errors).ShouldBeEmpty();
        File.SetUnixFileMode(location, (UnixFileMode)0x1C8);
        await using ChildProcess alone = ChildProcess.Start("setpriv", [.. member, Rave, "get", location, "hello"]);
        (await alone.WaitForExitAsync()).ShouldBe(3);
        (await alone.Errors).ShouldContain("so it can only follow");
    }

    private static string Rave => Path.Combine(AppContext.BaseDirectory, "Rave.Cli");

    // A directory of that user's, in which everybody may do everything.
    private static async Task<TempDirectory> PreparedAsync(int user)
    {
        if (!await SucceedsAsync("setpriv", [.. As(Owner), ChildProcess.ServerPath, "--version"]))
        {
            NotRun.Skip(NotRun.OtherUsers);
        }

        TempDirectory directory = new();
        File.SetUnixFileMode(directory.Path, Everybody);
        Directory.CreateDirectory(directory["db"]);
        File.SetUnixFileMode(directory["db"], Everybody);
        (await SucceedsAsync("chown", user.ToString(CultureInfo.InvariantCulture), directory["db"])).ShouldBeTrue();
        return directory;
    }

    private static ChildProcess StartAs(int user, params string[] command) => ChildProcess.Start("setpriv", [.. As(user), .. command]);

    private static string[] As(int user) => [$"--reuid={user}", $"--regid={user}", "--clear-groups"];

    private static async Task<bool> SucceedsAsync(string program, params string[] arguments)
    {
        await using ChildProcess process = ChildProcess.Start(program, arguments);
        return await process.WaitForExitAsync() == 0;
    }
}
