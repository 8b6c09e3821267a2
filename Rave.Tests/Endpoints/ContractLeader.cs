using Rave.Tests.Harness;

namespace Rave.Tests.Contract;

// One leader for every test that reads the contract (docs/http.md); each keeps to keys of its own.
public sealed class ContractLeader : IAsyncLifetime
{
    internal const string Json = "Content-Type: application/json";
    internal const string Ndjson = "Content-Type: application/x-ndjson";
    internal const string Lines = "Accept: application/x-ndjson";

    private LiveLeader? _leader;

    internal string SocketPath => _leader!.SocketPath;

    public async ValueTask InitializeAsync() => _leader = await LiveLeader.StartAsync();

    public ValueTask DisposeAsync() => _leader?.DisposeAsync() ?? default;

    // "GET /v1/kv/a" with these header lines and a body, a character a byte.
    internal Task<WireAnswer> AskAsync(string request, string? body = null, params string[] headers) => WireAnswer.AskAsync(SocketPath, request, body, headers);

    internal Task<WireAnswer> AskJsonAsync(string request, string json) => AskAsync(request, json, Json);

    // Puts keys, each with its own text as the value.
    internal async Task FillAsync(params IEnumerable<string> keys)
    {
        foreach (string key in keys)
        {
            (await AskAsync($"PUT /v1/kv/{key}", key)).Status.ShouldBe(204);
        }
    }
}

[CollectionDefinition(Name)]
public sealed class ContractSuite : ICollectionFixture<ContractLeader>
{
    internal const string Name = "Contract";
}
