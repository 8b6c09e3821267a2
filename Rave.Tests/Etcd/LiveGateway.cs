using System.Text;
using Rave.Client;
using Rave.Server.Gateways;
using Rave.Server.Hosting;
using Rave.Server.Storage;
using Rave.Tests.Endpoints;
using Rave.Tests.Harness;

namespace Rave.Tests.Etcd;

// A gateway in this process, and a user over HTTP.
internal sealed class LiveGateway : IAsyncDisposable
{
    private readonly HttpClient _http;

    private LiveGateway(Gateway gateway)
    {
        Gateway = gateway;
        _http = LiveLeader.Client(gateway.SocketPath);
    }

    internal Gateway Gateway { get; }

    internal string SocketPath => Gateway.SocketPath;

    internal static async Task<LiveGateway> StartAsync(string location, string socketPath, TimeSpan? operationTimeout = null)
    {
        RaveEtcd.Register();
        EngineOptions engine = new(
            CreateIfMissing: true, ErrorIfExists: false, Waiting.Patience, operationTimeout ?? Waiting.Patience, TimeProvider.System);
        LeaderOptions options = new();
        return new(await Gateway.StartAsync(location, socketPath, engine, options, TestContext.Current.CancellationToken));
    }

    internal Task<Answer> SendAsync(
        string method, string target, HttpContent? content = null, params (string Name, string Value)[] headers) =>
        SendAsync(_http, method, target, content, headers);

    internal static async Task<Answer> SendAsync(
        HttpClient http, string method, string target, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(new(method), target) { Content = content };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync(response);
    }

    internal Task<Answer> GetAsync(string target, params (string Name, string Value)[] headers) => SendAsync("GET", target, null, headers);

    internal Task<Answer> PutAsync(string target, string value, params (string Name, string Value)[] headers) =>
        SendAsync("PUT", target, new ByteArrayContent(Encoding.UTF8.GetBytes(value)), headers);

    internal Task<Answer> PostAsync(string target, string body, string type = "application/json") =>
        SendAsync("POST", target, new StringContent(body, Encoding.UTF8, type));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Gateway.DisposeAsync();
    }
}
