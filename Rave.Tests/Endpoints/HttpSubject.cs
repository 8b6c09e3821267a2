using System.Net.Http.Headers;
using System.Text;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

// What serves the HTTP contract: a leader, or a gateway on an etcd cluster. The tests of a class share it, and each keeps to its own keys.
// It runs in this process, whose code is compiled already. Targets are sent exactly as they are written.
public abstract class HttpSubject : IAsyncLifetime
{
    internal const string Json = "Content-Type: application/json";
    internal const string Ndjson = "Content-Type: application/x-ndjson";
    internal const string Lines = "Accept: application/x-ndjson";

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private HttpClient? _http;

    internal abstract string SocketPath { get; }

    // As status shows it.
    internal abstract string Location { get; }

    // What one batch holds.
    internal abstract int BatchOperations { get; }

    private HttpClient Http => _http ??= LiveLeader.Client(SocketPath);

    // A new database of the same kind.
    internal abstract Task<HttpSubject> AnotherAsync();

    // Changes as the feed has reported them from its start on, with their places.
    internal abstract IEnumerable<string> Told(IReadOnlyList<ServerEvent> events);

    public abstract ValueTask InitializeAsync();

    public virtual ValueTask DisposeAsync()
    {
        _http?.Dispose();
        return default;
    }

    internal async Task<Answer> SendAsync(string method, string target, HttpContent? content = null,
        params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(new(method), new Uri("http://rave" + target, AsWritten)) { Content = content };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        using HttpResponseMessage response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
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
    internal Task FillAsync(params IEnumerable<string> keys) => BatchAsync(keys.Select(key => Put(key, key)));

    // Operations in JSON, in as few batches as they need.
    internal async Task BatchAsync(IEnumerable<string> operations, string query = "")
    {
        foreach (string[] some in operations.Chunk(BatchOperations))
        {
            Answer written = await PostJsonAsync("/v1/batch" + query, $"[{string.Join(',', some)}]");
            written.Status.ShouldBe(204, written.Text);
        }
    }

    internal static string Put(string key, string value) => $$"""{"type":"put","key":"{{key}}","value":"{{value}}"}""";
}
