using System.Text.Json;
using Rave.Tests.Harness;

namespace Rave.Tests.Contract;

[Collection(ContractSuite.Name)]
public sealed class ServiceTests(ContractLeader leader)
{
    [Fact]
    public async Task Status_tells_leader_location_versions_uptime_limits_counters_and_size()
    {
        JsonElement status = (await leader.AskAsync("GET /v1/status")).Json;
        foreach (string member in (string[])["pid", "epoch", "since", "program"])
        {
            status.GetProperty("leader").TryGetProperty(member, out _).ShouldBeTrue(member);
        }

        foreach (string member in (string[])["location", "limits", "counters"])
        {
            status.TryGetProperty(member, out _).ShouldBeTrue(member);
        }

        foreach (string member in (string[])["errors", "followers", "subscribers", "snapshots"])
        {
            status.GetProperty("counters").GetProperty(member).ValueKind.ShouldBe(JsonValueKind.Number, member);
        }
    }

    [Fact]
    public async Task Leader_is_an_event_at_once()
    {
        using HttpClient http = LiveLeader.Client(leader.SocketPath);
        using HttpResponseMessage response = await http.GetAsync("/v1/leader", HttpCompletionOption.ResponseHeadersRead);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using StreamReader lines = new(await response.Content.ReadAsStreamAsync());
        (await lines.ReadLineAsync().Soon()).ShouldBe("event: leader");
        (await lines.ReadLineAsync().Soon())!.ShouldContain("\"pid\":");
    }

    [Fact]
    public async Task Step_down_is_202_and_the_stream_of_leader_ends()
    {
        await using LiveLeader own = await LiveLeader.StartAsync();
        using HttpResponseMessage stream = await own.Http.GetAsync("/v1/leader", HttpCompletionOption.ResponseHeadersRead);
        using StreamReader lines = new(await stream.Content.ReadAsStreamAsync());
        ((int)(await own.Http.PostAsync("/v1/leader/step-down", new ByteArrayContent([]))).StatusCode).ShouldBe(202);
        (await lines.ReadToEndAsync().Soon()).ShouldStartWith("event: leader");
    }

    [Fact]
    public async Task Healthz_is_200_ok()
    {
        WireAnswer health = await leader.AskAsync("GET /healthz");
        health.Status.ShouldBe(200);
        health.Body.ShouldBe("ok");
    }

    [Fact]
    public async Task Metrics_are_prometheus_text()
    {
        WireAnswer metrics = await leader.AskAsync("GET /metrics");
        metrics.Header("Content-Type").ShouldStartWith("text/plain; version=0.0.4");
        metrics.Body.ShouldContain("# TYPE ");
    }

    [Fact]
    public async Task A_property_is_text_and_404_if_unknown()
    {
        WireAnswer stats = await leader.AskAsync("GET /v1/properties/leveldb.stats");
        stats.Status.ShouldBe(200);
        stats.Header("Content-Type").ShouldStartWith("text/plain");
        (await leader.AskAsync("GET /v1/properties/leveldb.nothing")).ShouldBeProblem(404, "LEVEL_NOT_FOUND");
    }

    [Fact]
    public async Task Approximate_size_is_bytes() =>
        (await leader.AskAsync("GET /v1/approximate-size?start=a&end=b")).Json.GetProperty("bytes").GetInt64().ShouldBeGreaterThanOrEqualTo(0);

    [Fact]
    public async Task An_empty_end_is_the_empty_key_before_which_nothing_lies()
    {
        (await leader.AskAsync("GET /v1/approximate-size?end=")).Body.ShouldBe("""{"bytes":0}""");
        (await leader.AskAsync("POST /v1/compact?start=&end=")).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Compact_is_204() => (await leader.AskAsync("POST /v1/compact?start=a&end=b")).Status.ShouldBe(204);

    [Fact]
    public async Task Openapi_tells_of_all_of_this()
    {
        JsonElement paths = (await leader.AskAsync("GET /openapi/v1.json")).Json.GetProperty("paths");
        foreach (string path in (string[])["/v1/kv/{key}", "/v1/get-many", "/v1/has-many", "/v1/batch", "/v1/entries", "/v1/count", "/v1/snapshots", "/v1/changes", "/v1/status", "/v1/leader", "/v1/leader/step-down", "/healthz", "/metrics", "/v1/compact"])
        {
            paths.TryGetProperty(path, out _).ShouldBeTrue(path);
        }
    }

    [Fact]
    public async Task An_overlong_key_or_value_is_413()
    {
        (await leader.AskAsync($"PUT /v1/kv/{new string('k', (64 << 10) + 1)}", "1")).ShouldBeProblem(413, "LEVEL_TOO_LARGE");
        (await leader.AskAsync($"GET /v1/kv/{new string('k', (64 << 10) + 1)}")).ShouldBeProblem(413, "LEVEL_TOO_LARGE");
    }
}
