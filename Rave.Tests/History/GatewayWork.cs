using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rave.Client;
using Rave.Tests.Endpoints;
using Rave.Tests.Harness;
using Rave.Tests.Peer;

namespace Rave.Tests.History;

// The workload over HTTP, as a program without our client does it: a request that no gateway has answered is sent to the next one, a write
// with the same number. Its session has one write in flight.
internal sealed class GatewayWork(IEnumerable<string> socketPaths, TimeSpan patience) : IWorkedOn, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly HttpClient[] _gateways = [.. socketPaths.Select(LiveLeader.Client)];
    private readonly string _session = Guid.NewGuid().ToString("N");
    private readonly SemaphoreSlim _turn = new(1);
    private int _current;
    private long _last;

    public async Task<string?[]> GetAsync(string[] keys)
    {
        if (keys is [var only])
        {
            Answer value = await SendAsync(() => new(HttpMethod.Get, Target(only)), isWrite: false);
            return [value.Status == 404 ? null : Expect(value, 200).Text];
        }

        Answer many = await SendAsync(
            () => new(HttpMethod.Post, "/v1/get-many") { Content = Json(new JsonObject { ["keys"] = Array(keys) }) }, isWrite: false);
        return [.. Expect(many, 200).Entries.Select(entry => entry.ValueKind == JsonValueKind.Null ? null : Value(entry))];
    }

    public async Task<string?[]> ScanAsync(string prefix)
    {
        Answer page = await SendAsync(
            () => new(HttpMethod.Get, $"/v1/entries?prefix={Uri.EscapeDataString(prefix)}"), isWrite: false);
        return [.. Expect(page, 200).Entries.Select(Value)];
    }

    public async Task WriteAsync((string Key, string? Value)[] writes) => Expect(
        writes is [var (key, value)]
            ? await WriteAsync(() => Request(key, value))
            : await WriteAsync(() => new(HttpMethod.Post, "/v1/batch") { Content = Json(Array(writes, Operation)) }),
        204);

    public async Task<bool> SetAsync(string key, string? expected, string? value)
    {
        Answer answer = await WriteAsync(() =>
        {
            HttpRequestMessage request = Request(key, value);
            request.Headers.TryAddWithoutValidation(
                expected is null ? "If-None-Match" : "If-Match", expected is null ? "*" : Tags.Of(expected)).ShouldBeTrue();
            return request;
        });
        return answer.Status != 412 && Expect(answer, 204).Status == 204;
    }

    public void Dispose()
    {
        System.Array.ForEach(_gateways, gateway => gateway.Dispose());
        _turn.Dispose();
    }

    private async Task<Answer> WriteAsync(Func<HttpRequestMessage> create)
    {
        await _turn.WaitAsync();
        try
        {
            string number = $"{_session};{++_last}";
            return await SendAsync(
                () =>
                {
                    HttpRequestMessage request = create();
                    request.Headers.Add("Idempotency-Key", number);
                    return request;
                },
                isWrite: true);
        }
        finally
        {
            _turn.Release();
        }
    }

    // Until a gateway has decided it.
    private async Task<Answer> SendAsync(Func<HttpRequestMessage> create, bool isWrite)
    {
        using CancellationTokenSource deadline = new(patience);
        bool mayHaveBeenApplied = false;
        while (true)
        {
            int place = Volatile.Read(ref _current);
            try
            {
                using HttpRequestMessage request = create();
                using HttpResponseMessage response = await _gateways[place].SendAsync(request, deadline.Token);
                Answer answer = await Answer.ReadAsync(response);
                if (answer.Status is not 500 and not 503)
                {
                    return answer;
                }

                // By contract, 503 was not executed.
                mayHaveBeenApplied |= isWrite && answer.Status == 500;
            }
            catch (HttpRequestException failure) when (failure.HttpRequestError == HttpRequestError.ConnectionError)
            {
                // Nobody listens. Nothing was sent.
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException)
            {
                mayHaveBeenApplied |= isWrite;
            }
            catch (OperationCanceledException)
            {
                throw GivenUp(isWrite);
            }

            Interlocked.CompareExchange(ref _current, (place + 1) % _gateways.Length, place);
            try
            {
                await Task.Delay(Pause, TimeProvider.System, deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw GivenUp(mayHaveBeenApplied);
            }
        }
    }

    private static RaveException GivenUp(bool mayHaveBeenApplied) =>
        new(ErrorCodes.ConnectionLost, "No gateway has answered in time.") { MayHaveBeenApplied = mayHaveBeenApplied };

    private static Answer Expect(Answer answer, int status) =>
        answer.Status == status ? answer : throw new InvalidOperationException($"{answer.Status} instead of {status}: {answer.Text}");

    private static HttpRequestMessage Request(string key, string? value) => value is null
        ? new(HttpMethod.Delete, Target(key))
        : new(HttpMethod.Put, Target(key)) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(value)) };

    private static string Target(string key) => $"/v1/kv/{Uri.EscapeDataString(key)}";

    private static string? Value(JsonElement entry) => entry.GetProperty("value").GetString();

    private static JsonObject Operation((string Key, string? Value) write) => write.Value is null
        ? new() { ["type"] = "del", ["key"] = write.Key }
        : new() { ["type"] = "put", ["key"] = write.Key, ["value"] = write.Value };

    private static JsonArray Array(IEnumerable<string> texts) => Array(texts, text => JsonValue.Create(text));

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> convert) => [.. items.Select(convert)];

    private static StringContent Json(JsonNode node) => new(node.ToJsonString(), Encoding.UTF8, "application/json");
}
