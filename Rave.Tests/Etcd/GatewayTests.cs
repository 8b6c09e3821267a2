using System.Text.Json;
using Rave.Tests.Endpoints;
using Rave.Tests.Harness;
using Rave.Tests.Metrics;

namespace Rave.Tests.Etcd;

// Two gateways serve one database over HTTP. Work that begins at one continues at the other.
[Collection(EtcdSuite.Name)]
public sealed class GatewayTests(SharedMember shared) : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private LiveGateway _one = null!;
    private LiveGateway _other = null!;
    private string _location = "";

    public async ValueTask InitializeAsync()
    {
        _location = $"etcd://127.0.0.1:{(await shared.MemberAsync()).Port}/{EtcdStores.NewName()}";
        _one = await LiveGateway.StartAsync(_location, _directory["one.sock"]);
        _other = await LiveGateway.StartAsync(_location, _directory["other.sock"]);
    }

    public async ValueTask DisposeAsync()
    {
        await (_one?.DisposeAsync() ?? default);
        await (_other?.DisposeAsync() ?? default);
        _directory.Dispose();
    }

    [Fact]
    public async Task An_entry_that_is_written_at_one_gateway_is_read_at_the_other()
    {
        Answer written = await _one.PutAsync("/v1/kv/a", "1");
        written.Status.ShouldBe(204, written.Text);
        Answer read = await _other.GetAsync("/v1/kv/a");
        read.Text.ShouldBe("1");
        read.Headers["ETag"].ShouldBe(written.Headers["ETag"]);
        (await _other.SendAsync("DELETE", "/v1/kv/a")).Status.ShouldBe(204);
        (await _one.GetAsync("/v1/kv/a")).ShouldBeProblem(404, "LEVEL_NOT_FOUND");
    }

    [Fact]
    public async Task A_batch_is_written_only_if_its_checks_hold()
    {
        string etag = JsonEncodedText.Encode((await _one.PutAsync("/v1/kv/a", "1")).Headers["ETag"].Single()).Value;
        string batch = $$"""[{"type":"check","key":"a","etag":"{{etag}}"},"""
            + """{"type":"put","key":"a","value":"2"},{"type":"put","key":"b","value":"2"}]""";
        (await _other.PostAsync("/v1/batch", batch)).Status.ShouldBe(204);
        (await _other.PostAsync("/v1/batch", batch)).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await _one.PostAsync("/v1/get-many", """{"keys":["a","b","c"]}""")).Text
            .ShouldBe("""{"entries":[{"key":"a","value":"2"},{"key":"b","value":"2"},null]}""");
        (await _one.PostAsync("/v1/batch", $"[{string.Join(',', Enumerable.Repeat("""{"type":"del","key":"a"}""", 126))}]"))
            .ShouldBeProblem(413, "LEVEL_TOO_LARGE");
    }

    [Theory]
    [InlineData(false, "a b c d e")]
    [InlineData(true, "e d c b a")]
    public async Task Each_page_may_come_from_another_gateway(bool reverse, string keys)
    {
        await LoadAsync(["c", "a", "e", "b", "d"]);
        List<string> pages = [];
        string? next = null;
        string start = reverse ? "reverse=true" : "reverse=false";
        foreach (LiveGateway gateway in (LiveGateway[])[_one, _other, _one])
        {
            Answer page = await gateway.GetAsync($"/v1/entries?pageSize=2&{next ?? start}");
            page.Status.ShouldBe(200, page.Text);
            pages.Add(page.Keys);
            next = page.Continuation is { } token ? $"continuation={token}" : null;
        }

        string.Join(' ', pages).ShouldBe(keys);
        next.ShouldBeNull();
    }

    [Fact]
    public async Task Lines_are_loaded_in_batches_that_fit_the_cluster_and_are_read_back_unchanged()
    {
        // More than a batch may have operations, and values of which two are more than it may have bytes.
        string big = new('x', 700_000);
        string[] lines =
        [
            .. Enumerable.Range(0, 300).Select(i => $$"""{"key":"{{i:000}}","value":"{{i}}"}"""),
            .. Enumerable.Range(300, 4).Select(i => $$"""{"key":"{{i:000}}","value":"{{big}}"}"""),
        ];
        Answer loaded = await _one.PostAsync("/v1/entries", string.Join('\n', lines), "application/x-ndjson");
        loaded.Text.ShouldBe("""{"written":304}""");
        Answer read = await _other.GetAsync("/v1/entries", ("Accept", "application/x-ndjson"));
        read.Text.TrimEnd('\n').Split('\n').ShouldBe(lines);

        lines[200] = "{}";
        Answer refused = await _one.PostAsync("/v1/entries", string.Join('\n', lines), "application/x-ndjson");
        refused.Status.ShouldBe(400, refused.Text);
        refused.Json.GetProperty("line").GetInt32().ShouldBe(201);
        refused.Json.GetProperty("written").GetInt32().ShouldBe(200);
    }

    [Fact]
    public async Task A_change_feed_continues_at_another_gateway_without_a_gap()
    {
        string? place;
        await using (EventStream feed = await EventStream.OpenAsync(_one.SocketPath, "/v1/changes"))
        {
            await LoadAsync(["a"]);
            (await feed.TakeAsync(1)).Single().Data.ShouldContain("\"a\"");
            place = feed.LastEventId;
        }

        await LoadAsync(["b", "c"]);
        await using EventStream resumed = await EventStream.OpenAsync(_other.SocketPath, "/v1/changes", place);
        await LoadAsync(["d"]);
        List<ServerEvent> events = await resumed.TakeAsync(3);
        events.ShouldAllBe(change => change.Type == "put");
        events.Select(change => JsonSerializer.Deserialize<JsonElement>(change.Data).GetProperty("key").GetString())
            .ShouldBe(["b", "c", "d"]);
    }

    [Fact]
    public async Task A_snapshot_of_one_gateway_is_read_at_the_other()
    {
        await _one.PutAsync("/v1/kv/a", "before");
        string id = (await _one.SendAsync("POST", "/v1/snapshots")).Json.GetProperty("id").GetString()!;
        await _other.PutAsync("/v1/kv/a", "after");
        (await _other.GetAsync($"/v1/kv/a?snapshot={id}")).Text.ShouldBe("before");
        (await _other.GetAsync("/v1/kv/a")).Text.ShouldBe("after");
        (await _one.SendAsync("DELETE", $"/v1/snapshots/{id}")).Status.ShouldBe(204);
        (await _one.GetAsync($"/v1/kv/a?snapshot={id}")).ShouldBeProblem(410, "LEVEL_SNAPSHOT_NOT_OPEN");
    }

    [Fact]
    public async Task A_write_that_is_sent_again_to_another_gateway_is_applied_once()
    {
        (string, string) once = ("Idempotency-Key", "0123456789abcdef;1");
        Answer first = await _one.PutAsync("/v1/kv/a", "1", once);
        await _one.PutAsync("/v1/kv/a", "2");
        Answer again = await _other.PutAsync("/v1/kv/a", "1", once);
        again.Status.ShouldBe(204, again.Text);
        again.Headers["ETag"].ShouldBe(first.Headers["ETag"]);
        (await _one.GetAsync("/v1/kv/a")).Text.ShouldBe("2");
    }

    [Fact]
    public async Task A_refusal_is_the_same_at_every_gateway()
    {
        (string, string)[] headers = [("Idempotency-Key", "0123456789abcdef;1"), ("If-None-Match", "*")];
        await _one.PutAsync("/v1/kv/a", "1");
        (await _one.PutAsync("/v1/kv/a", "2", headers)).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        await _one.SendAsync("DELETE", "/v1/kv/a");
        (await _other.PutAsync("/v1/kv/a", "2", headers)).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await _other.PutAsync("/v1/kv/a", "2", ("Idempotency-Key", "0123456789abcdef;0"))).ShouldBeProblem(409, "LEVEL_STALE_RETRY");
    }

    [Fact]
    public async Task Status_shows_the_engine_and_its_limits_and_no_leader()
    {
        await _one.PutAsync("/v1/kv/a", "1");
        JsonElement status = (await _one.GetAsync("/v1/status")).Json;
        status.GetProperty("leader").ValueKind.ShouldBe(JsonValueKind.Null);
        status.GetProperty("sizeOnDisk").ValueKind.ShouldBe(JsonValueKind.Null);
        status.GetProperty("location").GetString().ShouldBe(_location);
        status.GetProperty("versions").GetProperty("etcd").GetString()!.ShouldStartWith("3.");
        status.GetProperty("limits").GetProperty("batchOperations").GetInt32().ShouldBe(125);
        status.GetProperty("counters").GetProperty("writes").GetInt32().ShouldBe(1);
        JsonElement member = status.GetProperty("cluster").GetProperty("members").EnumerateArray().Single();
        _location.ShouldContain(member.GetProperty("address").GetString()!);
    }

    [Fact]
    public async Task Health_and_metrics_need_no_leader()
    {
        (await _one.GetAsync("/healthz")).Text.ShouldBe("ok");
        Dictionary<string, Family> families = PrometheusParser.Parse((await _one.GetAsync("/metrics")).Text);
        families["rave_operations_total"].Samples.ShouldNotBeEmpty();
        families["rave_uptime_seconds"].Samples.ShouldHaveSingleItem();
        foreach (string name in (string[])["rave_leader_epoch", "rave_elections_total", "rave_followers", "rave_leveldb_files"])
        {
            families[name].Samples.ShouldBeEmpty(name);
        }
    }

    [Theory]
    [InlineData("GET", "/v1/leader")]
    [InlineData("POST", "/v1/leader/step-down")]
    [InlineData("GET", "/v1/properties/leveldb.stats")]
    [InlineData("GET", "/v1/approximate-size")]
    [InlineData("POST", "/v1/compact")]
    public async Task Requests_that_need_a_leader_or_files_are_501(string method, string target) =>
        (await _one.SendAsync(method, target)).ShouldBeProblem(501, "LEVEL_NOT_SUPPORTED");

    private async Task LoadAsync(string[] keys) =>
        (await _one.PostAsync("/v1/batch", $"[{string.Join(',', keys.Select(key => $$"""{"type":"put","key":"{{key}}","value":""}"""))}]"))
            .Status.ShouldBe(204);
}
