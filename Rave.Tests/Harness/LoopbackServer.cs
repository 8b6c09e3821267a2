using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Rave.Tests.Harness;

// A rave-server with --http, and calls to send requests over TCP.
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TempDirectory _directory;

    private LoopbackServer(TempDirectory directory, ChildProcess process, Uri address, string tokenPath)
    {
        _directory = directory;
        Process = process;
        Address = address;
        TokenPath = tokenPath;
        Token = File.ReadAllText(tokenPath);
        Http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = address,
            Timeout = Waiting.Patience,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Token) },
        };
    }

    internal ChildProcess Process { get; }

    internal Uri Address { get; }

    internal string TokenPath { get; }

    internal string Token { get; }

    internal string Location => _directory["db"];

    internal string SocketPath => _directory["db/rave.sock"];

    // Sends the token by itself.
    internal HttpClient Http { get; }

    internal static async Task<LoopbackServer> StartAsync()
    {
        TempDirectory directory = new();
        ChildProcess process = ChildProcess.StartServer(directory["db"], "--http", "0");
        (await process.ReadLineAsync()).ShouldBe($"leader {directory["db/rave.sock"]}");
        string[] words = (await process.ReadLineAsync())!.Split(' ');
        words.Length.ShouldBe(4);
        words[0].ShouldBe("http");
        words[2].ShouldBe("token");
        return new(directory, process, new(words[1]), words[3]);
    }

    // A request whose headers are these and no others.
    internal async Task<RawResponse> SendAsync(string method, string target, params string[] headers)
    {
        using TcpClient tcp = new();
        await tcp.ConnectAsync(Address.Host, Address.Port).Soon();
        await using NetworkStream stream = tcp.GetStream();
        await stream.WriteAsync(
            Encoding.Latin1.GetBytes(
            $"{method} {target} HTTP/1.1\r\nConnection: close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n"));
        using StreamReader reader = new(stream, Encoding.Latin1);
        return RawResponse.Parse(await reader.ReadToEndAsync().Soon());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Process.DisposeAsync();
        _directory.Dispose();
    }
}
