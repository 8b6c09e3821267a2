using System.Text.Json;
using Rave.Tests.Endpoints;
using Rave.Tests.Harness;

namespace Rave.Tests.Metrics;

// GET /metrics as a Prometheus server reads it.
public sealed class MetricsPageTests(SharedLeader leader) : IClassFixture<SharedLeader>
{
    [Fact]
    public async Task Metrics_are_in_the_text_format_of_Prometheus()
    {
        Answer page = await leader.GetAsync("/metrics");
        page.Status.ShouldBe(200, page.Text);
        page.Headers["Content-Type"].Single().ShouldStartWith("text/plain; version=0.0.4");
        PrometheusParser.Parse(page.Text).Keys.ShouldBe(
        [
            "rave_operations_total", "rave_errors_total", "rave_followers", "rave_subscribers", "rave_snapshots", "rave_elections_total",
            "rave_uptime_seconds",
            "rave_leader_epoch", "rave_write_queue_depth", "rave_leveldb_files", "rave_leveldb_size_bytes",
            "rave_leveldb_memory_usage_bytes", "rave_request_duration_seconds",
        ], ignoreOrder: true);
    }

    [Fact]
    public async Task Operations_are_counted_by_kind()
    {
        double writes = await ValueAsync("rave_operations_total", ("operation", "write"));
        double gets = await ValueAsync("rave_operations_total", ("operation", "get"));
        await leader.FillAsync("kinds/a", "kinds/b");
        await leader.GetAsync("/v1/kv/kinds/a");
        (await ValueAsync("rave_operations_total", ("operation", "write")) - writes).ShouldBe(2);
        (await ValueAsync("rave_operations_total", ("operation", "get")) - gets).ShouldBe(1);
    }

    [Fact]
    public async Task Errors_are_counted_by_code_whether_a_handler_answers_or_throws()
    {
        double before = await ErrorsAsync("LEVEL_NOT_FOUND");
        await leader.GetAsync("/v1/kv/no-such-key");
        await leader.GetAsync("/nowhere");
        (await ErrorsAsync("LEVEL_NOT_FOUND") - before).ShouldBe(2);

        double refused = await ErrorsAsync("LEVEL_ENCODING_NOT_FOUND");
        await leader.GetAsync("/v1/count?keyEncoding=klingon");
        (await ErrorsAsync("LEVEL_ENCODING_NOT_FOUND") - refused).ShouldBe(1);
    }

    [Fact]
    public async Task Requests_are_timed_by_route_and_status_and_never_by_key()
    {
        (string, string)[] found = [("route", "/v1/kv/{key}"), ("method", "PUT"), ("status", "2xx")];
        (string, string)[] odd = [("method", "_OTHER"), ("status", "4xx")];
        double before = await CountAsync(found);
        double oddBefore = await CountAsync(odd);
        await leader.PutAsync("/v1/kv/timed/1", "1");
        await leader.PutAsync("/v1/kv/timed/2", "2");
        await leader.SendAsync("BREW", "/nowhere");
        (await CountAsync(found) - before).ShouldBe(2);
        (await CountAsync(odd) - oddBefore).ShouldBe(1);
        (await leader.GetAsync("/metrics")).Text.ShouldNotContain("timed");
    }

    [Fact]
    public async Task Held_resources_and_the_leader_are_shown()
    {
        JsonElement status = (await leader.GetAsync("/v1/status")).Json;
        (await ValueAsync("rave_leader_epoch")).ShouldBe(status.GetProperty("leader").GetProperty("epoch").GetInt64());
        (await ValueAsync("rave_uptime_seconds")).ShouldBeGreaterThan(0);
        (await ValueAsync("rave_elections_total")).ShouldBe(1);
        (await ValueAsync("rave_write_queue_depth")).ShouldBe(0);
        (await ValueAsync("rave_leveldb_memory_usage_bytes")).ShouldBeGreaterThan(0);

        double held = await ValueAsync("rave_snapshots");
        (await leader.SendAsync("POST", "/v1/snapshots")).Status.ShouldBe(201);
        (await ValueAsync("rave_snapshots")).ShouldBe(held + 1);
    }

    [Fact]
    public async Task A_follower_is_counted_and_its_stream_is_not_a_slow_request()
    {
        await using ChildProcess follower = ChildProcess.StartServer(leader.Location);
        (await follower.ReadLineAsync()).ShouldStartWith("follower ");
        (await ValueAsync("rave_followers")).ShouldBe(1);
        (await follower.TerminateAsync()).ShouldBe(0);
        using CancellationTokenSource patience = new(Waiting.Patience);
        while (await ValueAsync("rave_followers") > 0)
        {
            // The leader notices it at the end of the stream.
            patience.Token.ThrowIfCancellationRequested();
        }

        (await CountAsync([("route", "/v1/leader")])).ShouldBe(0);
    }

    [Fact]
    public async Task The_files_of_LevelDB_are_counted_by_level()
    {
        await leader.FillAsync("levels/a");
        (await leader.SendAsync("POST", "/v1/compact")).Status.ShouldBe(204);
        Family files = (await FamiliesAsync())["rave_leveldb_files"];
        files.Samples.Select(sample => sample.Labels["level"]).ShouldBe(["0", "1", "2", "3", "4", "5", "6"]);
        files.Samples.Sum(sample => sample.Value).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Metrics_take_no_parameters() =>
        (await leader.GetAsync("/metrics?name[]=up")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");

    private async Task<Dictionary<string, Family>> FamiliesAsync() => PrometheusParser.Parse((await leader.GetAsync("/metrics")).Text);

    private async Task<double> ErrorsAsync(string code) => await ValueAsync("rave_errors_total", ("code", code));

    // The sum of the samples of a family with these labels, or 0 if there is none yet.
    private async Task<double> ValueAsync(string family, params (string Name, string Value)[] labels) =>
        Sum((await FamiliesAsync())[family], family, labels);

    private async Task<double> CountAsync((string Name, string Value)[] labels) =>
        Sum((await FamiliesAsync())["rave_request_duration_seconds"], "rave_request_duration_seconds_count", labels);

    private static double Sum(Family family, string name, (string Name, string Value)[] labels) =>
        family.Samples.Where(sample => sample.Name == name
            && labels.All(label => sample.Labels.GetValueOrDefault(label.Name) == label.Value)).Sum(sample => sample.Value);
}
