using System.Net.Http.Headers;
using Rave.Tests.Harness;

namespace Rave.Tests.Etcd;

// rave serve, as people start, stop and kill it.
[Collection(EtcdSuite.Name)]
public sealed class GatewayProcessTests(SharedMember shared) : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string SocketPath => _directory["rave.sock"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_socket_of_a_killed_gateway_is_replaced_and_the_next_one_stops_cleanly()
    {
        string location = await LocationAsync();
        await using (ChildProcess first = await StartAsync(location))
        {
            using HttpClient before = LiveLeader.Client(SocketPath);
            (await LiveGateway.SendAsync(before, "PUT", "/v1/kv/a", new StringContent("1"))).Status.ShouldBe(204);
            await first.KillAsync();
        }

        await using ChildProcess next = await StartAsync(location);
        using HttpClient http = LiveLeader.Client(SocketPath);
        (await LiveGateway.SendAsync(http, "GET", "/v1/kv/a")).Text.ShouldBe("1");
        await Waiting.UntilAsync(
            "the socket of the killed gateway is deleted", () => Directory.GetFiles(_directory.Path, "rave.sock.*.tmp").Length == 1);

        await using EventStream feed = await EventStream.OpenAsync(SocketPath, "/v1/changes");
        (await next.TerminateAsync()).ShouldBe(0);
        (await feed.NextAsync()).ShouldBeNull("the stream ends, and is not cut");
        (await next.Errors).ShouldBeEmpty();
        Directory.GetFileSystemEntries(_directory.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Over_TCP_the_token_is_required()
    {
        await using ChildProcess gateway = await StartAsync(await LocationAsync(), "--http", "0");
        string[] words = (await gateway.ReadLineAsync())!.Split(' ');
        words[0].ShouldBe("http");
        words[2].ShouldBe("token");
        using HttpClient http = new() { BaseAddress = new(words[1]) };
        (await LiveGateway.SendAsync(http, "GET", "/v1/status")).ShouldBeProblem(403, "LEVEL_FORBIDDEN");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await File.ReadAllTextAsync(words[3]));
        (await LiveGateway.SendAsync(http, "GET", "/v1/status")).Status.ShouldBe(200);
        (await LiveGateway.SendAsync(http, "GET", "/docs/index.html")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task User_and_password_come_from_the_environment()
    {
        await using EtcdMember member = await EtcdMember.StartAsync();
        string database = EtcdStores.NewName();
        await member.RequireUsersAsync(database, "ada", "secret");
        string[] arguments = ["serve", $"etcd://127.0.0.1:{member.Port}/{database}", "--socket", SocketPath];
        await using ChildProcess gateway = ChildProcess.Start(ChildProcess.RavePath, arguments, start =>
        {
            start.Environment["RAVE_ETCD_USER"] = "ada";
            start.Environment["RAVE_ETCD_PASSWORD"] = "secret";
        });
        (await gateway.ReadLineAsync()).ShouldBe($"gateway {SocketPath}");
        await using ChildProcess other = ChildProcess.StartRave("serve", arguments[1], "--socket", _directory["other.sock"]);
        (await other.WaitForExitAsync()).ShouldBe(3);
        (await other.Errors).ShouldContain("LEVEL_FORBIDDEN");
    }

    [Fact]
    public async Task Each_command_says_which_one_serves_the_location()
    {
        await using ChildProcess gateway = ChildProcess.StartRave("serve", _directory["db"], "--socket", SocketPath);
        (await gateway.WaitForExitAsync()).ShouldBe(2);
        (await gateway.Errors).ShouldContain("use rave-server");
        await using ChildProcess server = ChildProcess.StartServer("etcd://host/app");
        (await server.WaitForExitAsync()).ShouldBe(2);
        (await server.Errors).ShouldContain("rave serve");
        Directory.GetFileSystemEntries(_directory.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Existing_does_not_create_a_database()
    {
        await using ChildProcess gateway = ChildProcess.StartRave("serve", await LocationAsync(), "--socket", SocketPath, "--existing");
        (await gateway.WaitForExitAsync()).ShouldBe(3);
        (await gateway.Errors).ShouldContain("There is no database at");
    }

    private async Task<string> LocationAsync() => $"etcd://127.0.0.1:{(await shared.MemberAsync()).Port}/{EtcdStores.NewName()}";

    private async Task<ChildProcess> StartAsync(string location, params string[] options)
    {
        ChildProcess gateway = ChildProcess.StartRave(["serve", location, "--socket", SocketPath, .. options]);
        await gateway.ExpectAsync($"gateway {SocketPath}");
        return gateway;
    }
}
