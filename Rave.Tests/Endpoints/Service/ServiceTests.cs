using System.Text.Json;
using Rave.Tests.Etcd;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

public abstract class ServiceTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : ServiceTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : ServiceTests(gateway), IClassFixture<SharedGateway>
    {
        [Differs(Differences.Leader)]
        public override Task Leader_is_an_event_at_once() => gateway.ShouldNotOfferAsync("GET", "/v1/leader");

        [Differs(Differences.Leader)]
        public override Task Step_down_is_202_and_the_stream_of_leader_ends() =>
            gateway.ShouldNotOfferAsync("POST", "/v1/leader/step-down");

        [Differs(Differences.Status)]
        public override async Task Status_names_the_leader_and_its_location()
        {
            JsonElement status = (await gateway.GetAsync("/v1/status")).Json;
            foreach (string member in (string[])["leader", "sizeOnDisk", "options"])
            {
                status.GetProperty(member).ValueKind.ShouldBe(JsonValueKind.Null, member);
            }

            status.GetProperty("location").GetString().ShouldBe(gateway.Location);
            status.GetProperty("versions").GetProperty("etcd").GetString()!.ShouldStartWith("3.");
        }

        [Differs(Differences.Status)]
        public override async Task Status_has_leader_location_versions_uptime_limits_counters_and_size()
        {
            JsonElement cluster = (await gateway.GetAsync("/v1/status")).Json.GetProperty("cluster");
            cluster.GetProperty("members").GetArrayLength().ShouldBe(1);
            await ShouldHaveMembersAsync();
        }

        [Differs(Differences.Batch)]
        public override async Task Status_names_every_limit()
        {
            JsonElement limits = (await gateway.GetAsync("/v1/status")).Json.GetProperty("limits");
            limits.GetProperty("valueBytes").GetInt64().ShouldBe(1 << 20);
            limits.GetProperty("batchOperations").GetInt64().ShouldBe(125);
            limits.GetProperty("batchBytes").GetInt64().ShouldBe(1536 << 10);
            limits.GetProperty("bodyBytes").GetInt64().ShouldBe(128 << 20);
            limits.GetProperty("getManyKeys").GetInt64().ShouldBe(1_000_000);
        }
    }

    [Fact]
    public async Task Health_is_ok()
    {
        Answer health = await subject.GetAsync("/healthz");
        health.Status.ShouldBe(200);
        health.Text.ShouldBe("ok");
        health.MediaType.ShouldBe("text/plain");
    }

    [Fact]
    public async Task The_health_check_writes_nothing_visible()
    {
        long before = await CountAsync();
        await subject.GetAsync("/healthz");
        (await CountAsync()).ShouldBe(before);
    }

    [Fact]
    public virtual async Task Status_names_the_leader_and_its_location()
    {
        JsonElement status = (await subject.GetAsync("/v1/status")).Json;
        status.GetProperty("location").GetString().ShouldBe(subject.Location);
        JsonElement who = status.GetProperty("leader");
        who.GetProperty("pid").GetInt32().ShouldBe(Environment.ProcessId);
        who.GetProperty("epoch").GetInt64().ShouldBePositive();
        who.GetProperty("since").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);
        who.GetProperty("program").GetString().ShouldNotBeNullOrEmpty();
        status.GetProperty("versions").GetProperty("service").GetString()!.ShouldMatch("^[0-9]+\\.[0-9]+\\.[0-9]+");
        status.GetProperty("versions").GetProperty("levelDb").GetString()!.ShouldMatch("^1\\.[0-9]+$");
        status.GetProperty("uptimeSeconds").GetDouble().ShouldBeGreaterThan(0);
        status.GetProperty("sizeOnDisk").GetInt64().ShouldBePositive();
        status.GetProperty("options").GetProperty("compression").GetBoolean().ShouldBeTrue();
        status.GetProperty("options").GetProperty("blockSize").GetInt32().ShouldBe(4096);
    }

    [Fact]
    public virtual async Task Status_names_every_limit()
    {
        JsonElement limits = (await subject.GetAsync("/v1/status")).Json.GetProperty("limits");
        limits.GetProperty("keyBytes").GetInt64().ShouldBe(64 << 10);
        limits.GetProperty("valueBytes").GetInt64().ShouldBe(64 << 20);
        limits.GetProperty("bodyBytes").GetInt64().ShouldBe(128 << 20);
        limits.GetProperty("batchOperations").GetInt64().ShouldBe(1_000_000);
        limits.GetProperty("batchBytes").GetInt64().ShouldBe(128 << 20);
        limits.GetProperty("getManyKeys").GetInt64().ShouldBe(1_000_000);
        limits.GetProperty("pageEntries").GetInt64().ShouldBe(10_000);
        limits.GetProperty("pageBytes").GetInt64().ShouldBe(4 << 20);
        limits.GetProperty("getManyBytes").GetInt64().ShouldBe(128 << 20);
        limits.GetProperty("snapshots").GetInt64().ShouldBe(1024);
        limits.GetProperty("subscribers").GetInt64().ShouldBe(256);
        limits.GetProperty("sessions").GetInt64().ShouldBe(100_000);
    }

    [Fact]
    public async Task Status_counts_operations_by_kind()
    {
        JsonElement before = await CountersAsync();
        await subject.FillAsync("counted/a", "counted/b");
        await subject.GetAsync("/v1/kv/counted/a");
        await subject.PostJsonAsync("/v1/get-many", """{"keys":["counted/a","counted/b"]}""");
        await subject.GetAsync("/v1/entries?prefix=counted/");
        await subject.DeleteAsync("/v1/entries?prefix=counted/");
        await subject.GetAsync("/nowhere");
        JsonElement after = await CountersAsync();
        Grown("writes").ShouldBe(2);
        Grown("gets").ShouldBe(3);
        Grown("scans").ShouldBe(1);
        Grown("clears").ShouldBe(1);
        Grown("errors").ShouldBe(1);

        long Grown(string name) => after.GetProperty(name).GetInt64() - before.GetProperty(name).GetInt64();
    }

    [Fact]
    public async Task Http_is_served_on_the_unix_socket_of_the_location()
    {
        RawResponse answer = await RawHttp.SendAsync(subject.SocketPath, "GET", "/healthz");
        answer.Head.ShouldStartWith("HTTP/1.1 200 OK\r\n");
        Path.GetFileName(subject.SocketPath).ShouldBe("rave.sock");
    }

    [Fact]
    public virtual async Task Status_has_leader_location_versions_uptime_limits_counters_and_size()
    {
        JsonElement status = (await subject.AskAsync("GET /v1/status")).Json;
        foreach (string member in (string[])["pid", "epoch", "since", "program"])
        {
            status.GetProperty("leader").TryGetProperty(member, out _).ShouldBeTrue(member);
        }

        status.GetProperty("cluster").ValueKind.ShouldBe(JsonValueKind.Null);
        await ShouldHaveMembersAsync();
    }

    private async Task ShouldHaveMembersAsync()
    {
        JsonElement status = (await subject.AskAsync("GET /v1/status")).Json;
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
    public virtual async Task Leader_is_an_event_at_once()
    {
        using HttpClient http = LiveLeader.Client(subject.SocketPath);
        using HttpResponseMessage response = await http.GetAsync("/v1/leader", HttpCompletionOption.ResponseHeadersRead);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using StreamReader lines = new(await response.Content.ReadAsStreamAsync());
        (await lines.ReadLineAsync().Soon()).ShouldBe("event: leader");
        (await lines.ReadLineAsync().Soon())!.ShouldContain("\"pid\":");
    }

    [Fact]
    public virtual async Task Step_down_is_202_and_the_stream_of_leader_ends()
    {
        await using LiveLeader own = await LiveLeader.StartAsync();
        using HttpResponseMessage stream = await own.Http.GetAsync("/v1/leader", HttpCompletionOption.ResponseHeadersRead);
        using StreamReader lines = new(await stream.Content.ReadAsStreamAsync());
        ((int)(await own.Http.PostAsync("/v1/leader/step-down", new ByteArrayContent([]))).StatusCode).ShouldBe(202);
        (await lines.ReadToEndAsync().Soon()).ShouldStartWith("event: leader");
    }

    [Fact]
    public async Task Metrics_are_prometheus_text()
    {
        WireAnswer metrics = await subject.AskAsync("GET /metrics");
        metrics.Header("Content-Type").ShouldStartWith("text/plain; version=0.0.4");
        metrics.Body.ShouldContain("# TYPE ");
    }

    [Fact]
    public async Task Openapi_describes_all_of_this()
    {
        JsonElement paths = (await subject.AskAsync("GET /openapi/v1.json")).Json.GetProperty("paths");
        foreach (string path in (string[])["/v1/kv/{key}", "/v1/get-many", "/v1/has-many", "/v1/batch", "/v1/entries", "/v1/count",
            "/v1/snapshots", "/v1/changes", "/v1/status", "/v1/leader", "/v1/leader/step-down", "/healthz", "/metrics", "/v1/compact"])
        {
            paths.TryGetProperty(path, out _).ShouldBeTrue(path);
        }
    }

    private async Task<JsonElement> CountersAsync() => (await subject.GetAsync("/v1/status")).Json.GetProperty("counters");

    private async Task<long> CountAsync() => (await subject.GetAsync("/v1/count")).Json.GetProperty("count").GetInt64();
}
