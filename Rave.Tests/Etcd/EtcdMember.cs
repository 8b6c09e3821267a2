using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Rave.Tests.Harness;

namespace Rave.Tests.Etcd;

// A real member of a cluster, with its own folder and ports. It can be killed, stopped and restarted, and is deleted with its test.
internal sealed class EtcdMember : IAsyncDisposable
{
    private static readonly HttpClient Http = new();

    private readonly string _program;
    private readonly string[] _arguments;
    private readonly (int Client, int Peer, int Health)[] _ports;
    private readonly string _health;
    private readonly TempDirectory _directory = new();
    private ChildProcess? _process;

    private EtcdMember(string program, int index, (int Client, int Peer, int Health)[] ports, string[] flags)
    {
        _program = program;
        _ports = ports;
        Port = ports[index].Client;
        _health = Url(ports[index].Health);
        bool tls = flags.Any(flag => flag.StartsWith("--cert-file", StringComparison.Ordinal));
        string client = Url(ports[index].Client, tls ? "https" : "http");
        string peer = Url(ports[index].Peer);
        _arguments =
        [
            "--name", $"m{index}", "--data-dir", _directory["data"],
            "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-metrics-urls", _health,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--initial-cluster", string.Join(',', ports.Select((port, i) => $"m{i}={Url(port.Peer)}")),
            "--initial-cluster-token", string.Create(CultureInfo.InvariantCulture, $"rave-{ports[0].Peer}"),
            "--logger", "zap", "--log-outputs", "stderr", "--log-level", "warn",
            .. flags,
        ];
    }

    internal int Port { get; }

    internal ChildProcess Process => _process!;

    // A single member. Its writes do not wait for the disk, because the disk is not tested.
    internal static async Task<EtcdMember> StartAsync(params string[] flags) => (await StartAsync(1, [.. flags, "--unsafe-no-fsync"]))[0];

    // Members of one cluster, which elect a leader soon.
    internal static Task<EtcdMember[]> StartThreeAsync() =>
        StartAsync(3, ["--heartbeat-interval=30", "--election-timeout=300", "--pre-vote"]);

    // A member of the same cluster that gets the data and has no vote. It may not answer yet.
    internal async Task<EtcdMember> AddLearnerAsync()
    {
        int[] own = FreePorts(3);
        EtcdMember learner = new(
            _program, 1, [_ports[0], (own[0], own[1], own[2])], ["--initial-cluster-state", "existing", "--unsafe-no-fsync"]);
        using JsonDocument done = await AskAsync("cluster/member/add", $$"""{"peerURLs":["{{Url(own[1])}}"],"isLearner":true}""");
        learner.Launch();
        return learner;
    }

    // Once it answers.
    internal async Task StartAgainAsync()
    {
        Launch();
        await IsHealthyAsync();
    }

    internal async Task KillAsync()
    {
        await _process!.KillAsync();
        await _process.DisposeAsync();
        _process = null;
    }

    // Its history up to now, as its operator would have it cut.
    internal async Task CompactAsync()
    {
        using JsonDocument status = await AskAsync("kv/range", """{"key":"AA=="}""");
        string revision = status.RootElement.GetProperty("header").GetProperty("revision").GetString()!;
        using JsonDocument done = await AskAsync("kv/compaction", $$"""{"revision":"{{revision}}"}""");
    }

    // Adds users: root, and one that may use only the keys of the database.
    internal async Task RequireUsersAsync(string database, string user, string password)
    {
        string key = Convert.ToBase64String(Encoding.ASCII.GetBytes($"rave/{database}/"));
        string end = Convert.ToBase64String(Encoding.ASCII.GetBytes($"rave/{database}0"));
        (string Path, string Body)[] steps =
        [
            ("role/add", """{"name":"root"}"""),
            ("user/add", """{"name":"root","password":"root"}"""),
            ("user/grant", """{"user":"root","role":"root"}"""),
            ("role/add", """{"name":"one"}"""),
            ("role/grant", $$$"""{"name":"one","perm":{"permType":"READWRITE","key":"{{{key}}}","range_end":"{{{end}}}"}}"""),
            ("user/add", $$"""{"name":"{{user}}","password":"{{password}}"}"""),
            ("user/grant", $$"""{"user":"{{user}}","role":"one"}"""),
            ("enable", "{}"),
        ];
        foreach ((string path, string body) in steps)
        {
            using JsonDocument done = await AskAsync($"auth/{path}", body);
        }
    }

    // As root does it.
    internal async Task ChangePasswordAsync(string user, string password)
    {
        using JsonDocument root = await AskAsync("auth/authenticate", """{"name":"root","password":"root"}""");
        using JsonDocument done = await AskAsync(
            "auth/user/changepw", $$"""{"name":"{{user}}","password":"{{password}}"}""", root.RootElement.GetProperty("token").GetString());
    }

    // As after a day: records of sessions expire with their leases.
    internal async Task EndLeasesAsync()
    {
        using JsonDocument all = await AskAsync("lease/leases", "{}");
        foreach (JsonElement lease in all.RootElement.GetProperty("leases").EnumerateArray())
        {
            using JsonDocument done = await AskAsync("lease/revoke", $$"""{"ID":"{{lease.GetProperty("ID").GetString()}}"}""");
        }
    }

    internal async Task<bool> IsLeaderAsync()
    {
        using JsonDocument status = await AskAsync("maintenance/status", "{}");
        return status.RootElement.TryGetProperty("leader", out JsonElement leader)
            && leader.GetString() == status.RootElement.GetProperty("header").GetProperty("member_id").GetString();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _directory.Dispose();
    }

    private static async Task<EtcdMember[]> StartAsync(int count, string[] flags)
    {
        string program = await EtcdProgram.PathAsync();
        (int, int, int)[] ports = [.. FreePorts(3 * count).Chunk(3).Select(own => (own[0], own[1], own[2]))];
        EtcdMember[] members = [.. Enumerable.Range(0, count).Select(index => new EtcdMember(program, index, ports, flags))];
        Array.ForEach(members, member => member.Launch());
        foreach (EtcdMember member in members)
        {
            await member.IsHealthyAsync();
        }

        return members;
    }

    // etcd's own JSON API, for requests that a store never sends.
    private async Task<JsonDocument> AskAsync(string path, string body, string? token = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"{Url(Port)}/v3/{path}") { Content = new StringContent(body) };
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", token).ShouldBeTrue();
        }

        using HttpResponseMessage response = await Http.SendAsync(request);
        string answer = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(answer);
        return JsonDocument.Parse(answer);
    }

    private void Launch() => _process = ChildProcess.Start(_program, _arguments);

    private Task IsHealthyAsync() => Waiting.UntilAsync("a member of etcd is healthy", async () =>
    {
        _process!.HasExited.ShouldBeFalse();
        try
        {
            return (await Http.GetStringAsync($"{_health}/health")).Contains("\"true\"", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    });

    private static string Url(int port, string scheme = "http") =>
        string.Create(CultureInfo.InvariantCulture, $"{scheme}://127.0.0.1:{port}");

    // Of all of them at once, so that none is given twice.
    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(listeners, listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        Array.ForEach(listeners, listener => listener.Dispose());
        return ports;
    }
}
