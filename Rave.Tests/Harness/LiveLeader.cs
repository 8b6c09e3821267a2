using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Rave.Tests.Harness;

// A rave-server process that leads a new database, and an HttpClient on its socket.
internal sealed class LiveLeader : IAsyncDisposable
{
    private readonly TempDirectory? _directory;

    private LiveLeader(TempDirectory? directory, string location, ChildProcess process, string socketPath)
    {
        _directory = directory;
        Location = location;
        Process = process;
        SocketPath = socketPath;
        Http = Client(socketPath);
    }

    internal ChildProcess Process { get; }

    internal string Location { get; }

    internal string SocketPath { get; }

    internal HttpClient Http { get; }

    internal static async Task<LiveLeader> StartAsync(params string[] options)
    {
        TempDirectory directory = new();
        return await StartAsync(directory, directory["db"], options);
    }

    // Leads a database that its test owns.
    internal static Task<LiveLeader> StartAtAsync(string location, params string[] options) => StartAsync(null, location, options);

    internal static HttpClient Client(string socketPath) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
        UseProxy = false,
    })
    {
        BaseAddress = new("http://rave"),
        Timeout = Waiting.Patience,
    };

    internal Task<HttpResponseMessage> PutAsync(string target, string value) =>
        Http.PutAsync(target, new ByteArrayContent(Encoding.UTF8.GetBytes(value)));

    internal Task<HttpResponseMessage> PostJsonAsync(string target, string json) =>
        Http.PostAsync(target, new StringContent(json, Encoding.UTF8, "application/json"));

    internal Task<JsonElement> GetJsonAsync(string target) => Http.GetFromJsonAsync<JsonElement>(target);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Process.DisposeAsync();
        _directory?.Dispose();
    }

    private static async Task<LiveLeader> StartAsync(TempDirectory? directory, string location, string[] options)
    {
        string socketPath = Path.Combine(location, "rave.sock");
        ChildProcess process = ChildProcess.StartServer(location, options);
        try
        {
            await process.ExpectAsync($"leader {socketPath}");
            return new(directory, location, process, socketPath);
        }
        catch
        {
            await process.DisposeAsync();
            directory?.Dispose();
            throw;
        }
    }
}
