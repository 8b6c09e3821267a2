using System.Diagnostics;
using System.Net.Sockets;
using Rave.Server.Election;
using Rave.Server.Hosting;
using Rave.Server.Location;
using Rave.Server.Platform;
using Rave.Tests.Harness;

namespace Rave.Tests.Leadership;

public sealed class SocketFileTests
{
    [Fact]
    public async Task A_stale_socket_is_replaced()
    {
        await using LiveLeader dead = await LiveLeader.StartAsync();
        await dead.Process.KillAsync();
        FileIdentity stale = FileIdentity.Of(dead.SocketPath)!.Value;

        await using ChildProcess next = ChildProcess.StartServer(dead.Location);

        (await next.ReadLineAsync()).ShouldBe($"leader {dead.SocketPath}");
        FileIdentity.Of(dead.SocketPath)!.Value.IsSameFile(stale).ShouldBeFalse();
        (await dead.Http.GetAsync("/healthz")).EnsureSuccessStatusCode();
    }

    [Theory]
    [InlineData("printf precious > rave.sock")]
    [InlineData("mkdir rave.sock")]
    [InlineData("mkfifo rave.sock")]
    [InlineData("ln -s elsewhere rave.sock")]
    public async Task A_file_that_is_not_a_socket_is_refused_and_not_changed(string make)
    {
        using TempDirectory directory = new();
        await using (ChildProcess shell = ChildProcess.Start("sh", ["-c", make], start => start.WorkingDirectory = directory.Path))
        {
            (await shell.WaitForExitAsync()).ShouldBe(0);
        }

        FileIdentity before = FileIdentity.Of(directory["rave.sock"])!.Value;
        await using ChildProcess server = ChildProcess.StartServer(directory.Path);

        (await server.WaitForExitAsync()).ShouldBe(3);
        (await server.Errors)
            .ShouldBe($"rave-server: '{directory["rave.sock"]}' exists and is not a socket. Move it away.{Environment.NewLine}");
        FileIdentity.Of(directory["rave.sock"]).ShouldBe(before);
        File.Exists(directory["CURRENT"]).ShouldBeFalse("nothing is created beside it");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_socket_that_is_deleted_or_replaced_is_back_within_two_seconds(bool replaced)
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory.Path, create: false);
        await using Leader leader = await Embedded.LeadAsync(location);
        FileIdentity own = FileIdentity.Of(location.SocketPath)!.Value;
        long deleted = Stopwatch.GetTimestamp();
        File.Delete(location.SocketPath);
        if (replaced)
        {
            await File.WriteAllTextAsync(location.SocketPath, "not a socket");
        }

        await Waiting.UntilAsync("the leader's socket is published again", () =>
            FileIdentity.Of(location.SocketPath) is { } now && now.IsSameFile(own));

        Stopwatch.GetElapsedTime(deleted).ShouldBeLessThan(TimeSpan.FromSeconds(2));
        using HttpClient http = LiveLeader.Client(location.SocketPath);
        (await http.GetAsync("/healthz")).EnsureSuccessStatusCode();
    }

    [Fact]
    public void An_old_leader_that_is_disposed_late_does_not_delete_its_successors_socket()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory.Path, create: false);
        LeaderSocket old = new(location);
        Socket oldListener = old.Bind();
        oldListener.Listen();
        old.Publish();
        using LeaderSocket next = new(location);
        using Socket nextListener = next.Bind();
        nextListener.Listen();
        next.Publish();

        oldListener.Dispose();
        old.Dispose();

        next.IsPublished.ShouldBeTrue();
        using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(location.SocketPath));
    }

    [Fact]
    public async Task Temporary_sockets_that_refuse_a_connection_are_removed_and_others_are_not()
    {
        using TempDirectory directory = new();
        string standby = directory["rave.sock.1-1.tmp"];
        string dead = directory["rave.sock.2-1.tmp"];
        string file = directory["rave.sock.3-1.tmp"];
        using Socket listening = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listening.Bind(new UnixDomainSocketEndPoint(standby));
        listening.Listen();
        using Socket silent = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        silent.Bind(new UnixDomainSocketEndPoint(dead));
        await File.WriteAllTextAsync(file, "a note");

        using DatabaseLocation location = DatabaseLocation.Resolve(directory.Path, create: false);
        await using Leader leader = await Embedded.LeadAsync(location);

        await Waiting.UntilAsync("the dead socket is removed", () => !File.Exists(dead));
        File.Exists(standby).ShouldBeTrue();
        File.Exists(file).ShouldBeTrue();
    }
}
