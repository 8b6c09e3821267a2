using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Rave.Server.Cli;
using Rave.Server.Hosting;
using Rave.Server.Location;
using Rave.Tests.Harness;

namespace Rave.Tests.Cli;

// The port of --http, its token file, and its messages.
public sealed class LoopbackPortTests(SharedLoopback shared) : IClassFixture<SharedLoopback>
{
    [Fact]
    public void The_token_is_32_bytes_that_only_the_owner_may_read()
    {
        LoopbackServer server = shared.Server;
        server.TokenPath.ShouldBe(Path.Combine(server.Location, "rave.token"));
        Base64Url.DecodeFromChars(server.Token).Length.ShouldBe(32);
        File.GetUnixFileMode(server.TokenPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void It_listens_only_on_loopback_addresses()
    {
        string port = shared.Server.Address.Port.ToString("X4", CultureInfo.InvariantCulture);
        string[] addresses =
        [
            .. ((string[])["/proc/net/tcp", "/proc/net/tcp6"]).Where(File.Exists).SelectMany(File.ReadLines)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(columns => columns[3] == "0A" && columns[1].EndsWith(':' + port, StringComparison.Ordinal))
                .Select(columns => columns[1].Split(':')[0]),
        ];
        addresses.ShouldContain("0100007F");
        addresses.ShouldBeSubsetOf(["0100007F", "00000000000000000000000001000000"]);
    }

    [Fact]
    [Needs(Need.IPv6)]
    public async Task The_IPv6_loopback_address_is_served_if_there_is_one()
    {
        Uri other = new UriBuilder(shared.Server.Address) { Host = "[::1]", Path = "/healthz" }.Uri;
        (await shared.Server.Http.GetStringAsync(other)).ShouldBe("ok");
    }

    [Fact]
    public async Task The_token_stays_until_its_file_is_deleted()
    {
        using TempDirectory directory = new();
        string first = await TokenOfARunAsync(directory);
        (await TokenOfARunAsync(directory)).ShouldBe(first);
        File.Delete(directory["rave.token"]);
        (await TokenOfARunAsync(directory)).ShouldNotBe(first);
    }

    [Theory]
    [InlineData("chmod 644 rave.token", "is open to other users")]
    [InlineData("printf short > rave.token", "contains no token")]
    [InlineData(": > rave.token", "contains no token")]
    [InlineData("mv rave.token x; ln -s x rave.token", "is a symbolic link")]
    [InlineData("rm rave.token; ln -s nowhere rave.token", "is a symbolic link")]
    public async Task A_token_file_that_does_not_protect_is_refused(string damage, string words)
    {
        using TempDirectory directory = new();
        using (DatabaseLocation location = DatabaseLocation.Resolve(directory.Path, create: false))
        {
            TokenFile.ReadOrCreate(location);
        }

        await using ChildProcess shell = ChildProcess.Start("sh", ["-c", damage], start => start.WorkingDirectory = directory.Path);
        (await shell.WaitForExitAsync()).ShouldBe(0);
        await RefusedAsync(directory.Path, "0", words);
    }

    [Fact]
    public async Task A_port_in_use_at_the_start_ends_the_server_with_3_and_a_message()
    {
        using TempDirectory directory = new();
        using TcpListener taken = Listen();
        await RefusedAsync(directory["db"], PortOf(taken), $"Port {PortOf(taken)} is taken");
    }

    [Fact]
    public async Task A_chosen_port_is_served_and_free_again_for_the_next_server()
    {
        using TempDirectory directory = new();
        string port;
        using (TcpListener free = Listen())
        {
            port = PortOf(free);
        }

        for (int run = 0; run < 2; run++)
        {
            await using ChildProcess server = ChildProcess.StartServer(directory.Path, "--http", port);
            await server.ExpectAsync($"http http://127.0.0.1:{port} token {directory["rave.token"]}");
            using HttpClient http = new() { BaseAddress = new($"http://localhost:{port}") };
            (await http.GetAsync("/healthz")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            await server.KillAsync();
        }
    }

    [Fact]
    public async Task A_new_leader_whose_port_is_in_use_serves_the_socket_and_reports_it()
    {
        using TempDirectory directory = new();
        using TcpListener taken = Listen();
        await using ChildProcess leader = ChildProcess.StartServer(directory.Path);
        (await leader.ReadLineAsync()).ShouldBe($"leader {directory["rave.sock"]}");
        await using ChildProcess follower = ChildProcess.StartServer(directory.Path, "--http", PortOf(taken));
        (await follower.ReadLineAsync()).ShouldBe($"follower {directory["rave.sock"]}");
        (await leader.TerminateAsync()).ShouldBe(0);
        await follower.ExpectAsync($"leader {directory["rave.sock"]}");
        (await follower.ExpectErrorAsync("Serving over the socket only")).ShouldContain($"Port {PortOf(taken)} is taken");
        (await RawHttp.SendAsync(directory["rave.sock"], "GET", "/healthz")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_follower_opens_no_port_until_it_leads()
    {
        await using LoopbackServer first = await LoopbackServer.StartAsync();
        string port = first.Address.Port.ToString(CultureInfo.InvariantCulture);
        await using ChildProcess second = ChildProcess.StartServer(first.Location, "--http", port);
        (await second.ReadLineAsync()).ShouldStartWith("follower ");
        (await first.Process.TerminateAsync()).ShouldBe(0);
        await second.ExpectAsync($"http http://127.0.0.1:{port} token {first.TokenPath}");
        (await first.Http.GetStringAsync("/healthz")).ShouldBe("ok", "the token is the same");
    }

    [Theory]
    [InlineData("--http")]
    [InlineData("--http", "-1")]
    [InlineData("--http", "65536")]
    [InlineData("--http", "8080x")]
    [InlineData("--http", "0.0.0.0:80")]
    public void An_invalid_port_is_wrong_usage(params string[] options) =>
        ServerCommand.Create().Parse(["db", .. options]).Errors.ShouldNotBeEmpty();

    [Fact]
    public async Task A_process_without_a_port_does_not_load_the_documentation_page()
    {
        if (Machine.PublishedPrograms is not null)
        {
            NotRun.Skip("programs with libraries, not published ones");
        }

        await using LiveLeader plain = await LiveLeader.StartAsync();
        (await plain.Http.GetAsync("/docs")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        Loaded(plain.Process.Id).ShouldBeEmpty();
        File.Exists(Path.Combine(plain.Location, "rave.token")).ShouldBeFalse();
        Loaded(shared.Server.Process.Id).ShouldNotBeEmpty("the search finds it");
    }

    private static string[] Loaded(int process) =>
        [.. File.ReadLines($"/proc/{process}/maps").Where(line => line.Contains("Swashbuckle", StringComparison.Ordinal))];

    private static async Task<string> TokenOfARunAsync(TempDirectory directory)
    {
        await using ChildProcess server = ChildProcess.StartServer(directory.Path, "--http", "0");
        (await server.ReadLineAsync()).ShouldStartWith("leader ");
        (await server.ReadLineAsync()).ShouldEndWith($" token {directory["rave.token"]}");
        (await server.TerminateAsync()).ShouldBe(0);
        return await File.ReadAllTextAsync(directory["rave.token"]);
    }

    private static async Task RefusedAsync(string location, string port, string words)
    {
        await using ChildProcess server = ChildProcess.StartServer(location, "--http", port);
        (await server.WaitForExitAsync()).ShouldBe(3);
        string errors = await server.Errors;
        errors.ShouldContain(words);
        errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1, errors);
        (await server.ReadLineAsync()).ShouldBeNull("it never led");
    }

    private static TcpListener Listen()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static string PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
}
