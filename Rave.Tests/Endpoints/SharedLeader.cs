using System.Net.Http.Headers;
using System.Text;
using Rave.Server.Election;
using Rave.Server.Location;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

// One leader for the tests of a class. Each test uses its own keys. The leader runs in this process, whose code is compiled already.
// Targets are sent exactly as they are written.
public sealed class SharedLeader : IAsyncLifetime
{
    internal const string Json = "Content-Type: application/json";
    internal const string Ndjson = "Content-Type: application/x-ndjson";
    internal const string Lines = "Accept: application/x-ndjson";

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly TempDirectory? _directory;
    private readonly DatabaseLocation _location;
    private readonly HttpClient _http;
    private Leader? _leader;

    // Of a new database.
    public SharedLeader()
        : this(new TempDirectory())
    {
    }

    private SharedLeader(TempDirectory directory)
        : this(directory["db"]) => _directory = directory;

    private SharedLeader(string location)
    {
        _location = DatabaseLocation.Resolve(location, create: true);
        _http = LiveLeader.Client(SocketPath);
    }

    internal string SocketPath => _location.SocketPath;

    internal string Location => _location.Directory;

    // Of a database that is there already, which the test owns.
    internal static async Task<SharedLeader> OfAsync(string location)
    {
        SharedLeader leader = new(location);
        await leader.InitializeAsync();
        return leader;
    }

    public async ValueTask InitializeAsync() => _leader = await Embedded.LeadAsync(_location);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await (_leader?.DisposeAsync() ?? default);
        _location.Dispose();
        _directory?.Dispose();
    }

    internal async Task<Answer> SendAsync(string method, string target, HttpContent? content = null,
        params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(new(method), new Uri("http://rave" + target, AsWritten)) { Content = content };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        using HttpResponseMessage response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync(response);
    }

    internal Task<Answer> GetAsync(string target, params (string Name, string Value)[] headers) => SendAsync("GET", target, null, headers);

    internal Task<Answer> DeleteAsync(string target, params (string Name, string Value)[] headers) =>
        SendAsync("DELETE", target, null, headers);

    internal Task<Answer> PutAsync(string target, byte[] value, params (string Name, string Value)[] headers) =>
        SendAsync("PUT", target, new ByteArrayContent(value), headers);

    internal Task<Answer> PutAsync(string target, string value, params (string Name, string Value)[] headers) =>
        PutAsync(target, Encoding.UTF8.GetBytes(value), headers);

    internal Task<Answer> PostJsonAsync(string target, string json) => PostJsonAsync(target, Encoding.UTF8.GetBytes(json));

    internal Task<Answer> PostJsonAsync(string target, byte[] json) =>
        SendAsync("POST", target, new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } });

    // The raw answer to "GET /v1/kv/a" with these header lines and a body. One character per byte.
    internal Task<WireAnswer> AskAsync(string request, string? body = null, params string[] headers) =>
        WireAnswer.AskAsync(SocketPath, request, body, headers);

    internal Task<WireAnswer> AskJsonAsync(string request, string json) => AskAsync(request, json, Json);

    // Puts keys, each with its own text as the value.
    internal async Task FillAsync(params IEnumerable<string> keys)
    {
        string operations = string.Join(',', keys.Select(key => $$"""{"type":"put","key":"{{key}}","value":"{{key}}"}"""));
        (await PostJsonAsync("/v1/batch", $"[{operations}]")).Status.ShouldBe(204);
    }
}
