using System.Text.Json;
using Rave.Tests.Etcd;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

public abstract class SnapshotEndpointTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : SnapshotEndpointTests(leader), IClassFixture<SharedLeader>
    {
        [Fact]
        public async Task A_snapshot_of_an_earlier_leader_is_410()
        {
            using TempDirectory directory = new();
            string id;
            string token;
            await using (SharedLeader first = await SharedLeader.OfAsync(directory["db"]))
            {
                await first.FillAsync("a", "b");
                id = await OpenAsync(first);
                token = (await first.GetAsync($"/v1/entries?pageSize=1&snapshot={id}")).Continuation!;
            }

            await using SharedLeader second = await SharedLeader.OfAsync(directory["db"]);
            (await OpenAsync(second)).ShouldNotBe(id);
            (await second.GetAsync($"/v1/kv/a?snapshot={id}")).ShouldBeProblem(410, "LEVEL_SNAPSHOT_NOT_OPEN");
            (await second.GetAsync($"/v1/entries?continuation={token}")).ShouldBeProblem(410, "LEVEL_SNAPSHOT_NOT_OPEN");
            (await second.DeleteAsync($"/v1/entries?all=true&snapshot={id}")).ShouldBeProblem(410, "LEVEL_SNAPSHOT_NOT_OPEN");
            (await second.GetAsync("/v1/count")).Text.ShouldBe("""{"count":2}""");
        }
    }

    public sealed class OnEtcd(SharedGateway gateway) : SnapshotEndpointTests(gateway), IClassFixture<SharedGateway>
    {
        [Fact]
        [Differs(Differences.Snapshot)]
        public async Task A_snapshot_is_read_at_every_gateway_and_outlives_the_one_that_has_opened_it()
        {
            SharedGateway first = await gateway.OfSameDatabaseAsync();
            await first.FillAsync("outlives/a");
            string id = await OpenAsync(first);
            await first.DisposeAsync();
            await gateway.DeleteAsync("/v1/kv/outlives/a");
            (await gateway.GetAsync($"/v1/kv/outlives/a?snapshot={id}")).Text.ShouldBe("outlives/a");
        }
    }

    public static TheoryData<string, string, string?> Uses => new()
    {
        { "GET", "/v1/kv/a?snapshot=", null },
        { "HEAD", "/v1/kv/a?snapshot=", null },
        { "POST", "/v1/get-many?snapshot=", """{"keys":["a"]}""" },
        { "POST", "/v1/has-many?snapshot=", """{"keys":[]}""" },
        { "GET", "/v1/entries?snapshot=", null },
        { "GET", "/v1/entries?limit=0&snapshot=", null },
        { "GET", "/v1/count?snapshot=", null },
        { "DELETE", "/v1/entries?prefix=kept&snapshot=", null },
        { "DELETE", "/v1/entries?all=true&snapshot=", null },
        { "DELETE", "/v1/snapshots/", null },
    };

    [Fact]
    public async Task Creating_a_snapshot_returns_its_location()
    {
        DateTimeOffset before = TimeProvider.System.GetUtcNow();
        Answer created = await subject.SendAsync("POST", "/v1/snapshots");
        created.Status.ShouldBe(201);
        created.MediaType.ShouldBe("application/json");
        string id = created.Json.GetProperty("id").GetString()!;
        id.ShouldMatch("^[0-9a-f-]{32,64}$", "it needs no escaping");
        created.Headers["Location"].ShouldBe([$"/v1/snapshots/{id}"]);
        created.Json.GetProperty("expiresAt").GetDateTimeOffset()
            .ShouldBeInRange(before.AddSeconds(60), TimeProvider.System.GetUtcNow().AddSeconds(60));
        (await subject.SendAsync("POST", "/v1/snapshots?ttl=3600")).Json.GetProperty("expiresAt").GetDateTimeOffset()
            .ShouldBeGreaterThan(before.AddSeconds(3599));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("3601")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("")]
    [InlineData("1m")]
    public async Task A_ttl_is_between_1_and_3600_seconds(string ttl) =>
        (await subject.SendAsync("POST", "/v1/snapshots?ttl=" + ttl)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST").ShouldContain("'ttl'");

    [Fact]
    public async Task Every_read_can_use_the_snapshot()
    {
        await subject.FillAsync("old/a", "old/b", "old/c");
        string id = await OpenAsync();
        await subject.PutAsync("/v1/kv/old/a", "changed");
        await subject.DeleteAsync("/v1/kv/old/b");
        await subject.FillAsync("old/d");
        (await subject.GetAsync("/v1/kv/old/a")).Text.ShouldBe("changed");
        Answer got = await subject.GetAsync($"/v1/kv/old/a?snapshot={id}");
        got.Text.ShouldBe("old/a");
        got.Headers["ETag"].ShouldBe([Tags.Of("old/a")]);
        (await subject.SendAsync("HEAD", $"/v1/kv/old/b?snapshot={id}")).Headers["ETag"].ShouldBe([Tags.Of("old/b")]);
        (await subject.GetAsync($"/v1/kv/old/b?snapshot={id}", ("If-None-Match", Tags.Of("old/b")))).Status.ShouldBe(304);
        (await subject.GetAsync($"/v1/kv/old/d?snapshot={id}")).ShouldBeProblem(404, "LEVEL_NOT_FOUND");
        (await subject.PostJsonAsync($"/v1/get-many?snapshot={id}", """{"keys":["old/a","old/b","old/d"]}""")).Text
            .ShouldBe("""{"entries":[{"key":"old/a","value":"old/a"},{"key":"old/b","value":"old/b"},null]}""");
        (await subject.PostJsonAsync($"/v1/has-many?snapshot={id}", """{"keys":["old/b","old/d"]}""")).Text
            .ShouldBe("""{"found":[true,false]}""");
        (await subject.GetAsync($"/v1/entries?prefix=old/&snapshot={id}")).Keys.ShouldBe("old/a old/b old/c");
        (await subject.GetAsync($"/v1/entries?prefix=old/&snapshot={id}&reverse=true&limit=2")).Keys.ShouldBe("old/c old/b");
        (await subject.GetAsync($"/v1/count?gt=old/a&lt=old0&snapshot={id}")).Text.ShouldBe("""{"count":2}""");
        (await subject.GetAsync("/v1/entries?prefix=old/")).Keys.ShouldBe("old/a old/c old/d");
    }

    [Fact]
    public async Task A_clear_deletes_only_keys_in_the_snapshot()
    {
        await subject.FillAsync("clear/a", "clear/b");
        string id = await OpenAsync();
        await subject.FillAsync("clear/aa", "clear/c");
        await subject.PutAsync("/v1/kv/clear/b", "changed");
        (await subject.DeleteAsync($"/v1/entries?snapshot={id}")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
        (await subject.DeleteAsync($"/v1/entries?prefix=clear/&snapshot={id}")).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/entries?prefix=clear/")).Keys.ShouldBe("clear/aa clear/c");
        (await subject.GetAsync($"/v1/entries?prefix=clear/&snapshot={id}")).Keys.ShouldBe("clear/a clear/b");
    }

    [Fact]
    public async Task A_continuation_carries_the_snapshot()
    {
        await subject.FillAsync("token/a", "token/b", "token/c");
        string id = await OpenAsync();
        string other = await OpenAsync();
        Answer now = await subject.GetAsync("/v1/entries?prefix=token/&pageSize=1");
        Answer page = await subject.GetAsync($"/v1/entries?prefix=token/&pageSize=1&snapshot={id}");
        page.Headers["Link"].Single().ShouldContain($"snapshot={id}");
        await subject.FillAsync("token/bb");
        await subject.DeleteAsync("/v1/kv/token/c");
        (await subject.GetAsync($"/v1/entries?continuation={page.Continuation}")).Keys.ShouldBe("token/b token/c");
        (await subject.GetAsync($"/v1/entries?continuation={page.Continuation}&snapshot={id}")).Keys.ShouldBe("token/b token/c");
        (await subject.GetAsync($"/v1/entries?continuation={now.Continuation}")).Keys.ShouldBe("token/b token/bb");
        foreach (string contradiction in (string[])[$"{page.Continuation}&snapshot={other}", $"{page.Continuation}&snapshot=",
            $"{now.Continuation}&snapshot={id}"])
        {
            (await subject.GetAsync("/v1/entries?continuation=" + contradiction)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST")
                .ShouldContain("'snapshot'");
        }

        (await subject.DeleteAsync($"/v1/snapshots/{id}")).Status.ShouldBe(204);
        (await subject.GetAsync($"/v1/entries?continuation={page.Continuation}")).ShouldBeProblem(410, "LEVEL_SNAPSHOT_NOT_OPEN");
    }

    [Theory]
    [MemberData(nameof(Uses))]
    public async Task A_snapshot_that_is_unknown_or_deleted_is_410_and_nothing_is_done(string method, string target, string? body)
    {
        await subject.FillAsync("a", "kept");
        string deleted = await OpenAsync();
        Answer ended = await subject.DeleteAsync($"/v1/snapshots/{deleted}");
        ended.Status.ShouldBe(204);
        ended.Bytes.ShouldBeEmpty();
        string open = await OpenAsync();
        foreach (string id in (string[])[deleted, "", "x", "%00", open.ToUpperInvariant() + "A", open + "0", open[..^1],
            new string('0', 100_000)])
        {
            Answer refused = body is null ? await subject.SendAsync(method, target + id) : await subject.PostJsonAsync(target + id, body);
            refused.Status.ShouldBe(id == "%00" && target.EndsWith('/') ? 400 : 410, $"{method} {target}{id[..Math.Min(id.Length, 50)]}");
            if (method != "HEAD" && refused.Status == 410)
            {
                refused.ShouldBeProblem(410, "LEVEL_SNAPSHOT_NOT_OPEN").Length.ShouldBeLessThan(500);
            }
        }

        (await subject.GetAsync("/v1/kv/kept")).Text.ShouldBe("kept");
        (await subject.GetAsync($"/v1/kv/kept?snapshot={open}")).Text.ShouldBe("kept");
    }

    [Theory]
    [InlineData("PUT", "/v1/kv/a?snapshot=x")]
    [InlineData("DELETE", "/v1/kv/a?snapshot=x")]
    [InlineData("POST", "/v1/batch?snapshot=x")]
    [InlineData("POST", "/v1/snapshots?snapshot=x")]
    [InlineData("DELETE", "/v1/snapshots/x?ttl=1")]
    public async Task A_route_that_does_not_read_from_snapshots_refuses_one(string method, string target) =>
        (await subject.SendAsync(method, target)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");

    [Theory]
    [InlineData("GET", "/v1/snapshots")]
    [InlineData("GET", "/v1/snapshots/x")]
    [InlineData("PUT", "/v1/snapshots/x")]
    public async Task Snapshots_are_only_created_and_deleted(string method, string target) =>
        (await subject.SendAsync(method, target)).ShouldBeProblem(405, "LEVEL_INVALID_REQUEST");

    [Fact]
    public async Task At_most_1024_are_held_and_status_counts_them()
    {
        await using HttpSubject other = await subject.AnotherAsync();
        HashSet<string> ids = [];
        for (int i = 0; i < 1024; i++)
        {
            ids.Add(await OpenAsync(other)).ShouldBeTrue();
        }

        (await other.SendAsync("POST", "/v1/snapshots")).ShouldBeProblem(429, "LEVEL_TOO_MANY").ShouldContain("1024");
        (await HeldAsync(other)).ShouldBe(1024);
        (await other.DeleteAsync($"/v1/snapshots/{ids.First()}")).Status.ShouldBe(204);
        (await HeldAsync(other)).ShouldBe(1023);
        (await other.SendAsync("POST", "/v1/snapshots")).Status.ShouldBe(201);
    }

    [Fact]
    public async Task An_unused_snapshot_expires_by_itself()
    {
        await using HttpSubject other = await subject.AnotherAsync();
        string id = (await other.SendAsync("POST", "/v1/snapshots?ttl=1")).Json.GetProperty("id").GetString()!;
        (await HeldAsync(other)).ShouldBe(1);
        await Waiting.UntilAsync("it is held no longer", async () => await HeldAsync(other) == 0);

        (await other.GetAsync($"/v1/count?snapshot={id}")).ShouldBeProblem(410, "LEVEL_SNAPSHOT_NOT_OPEN");
    }

    [Fact]
    public async Task Post_snapshots_is_201_with_its_location_id_and_expiry()
    {
        WireAnswer taken = await subject.AskAsync("POST /v1/snapshots?ttl=5");
        taken.Status.ShouldBe(201);
        taken.Header("Location").ShouldBe("/v1/snapshots/" + taken.Json.GetProperty("id").GetString());
        taken.Json.GetProperty("expiresAt").GetDateTimeOffset()
            .ShouldBe(TimeProvider.System.GetUtcNow().AddSeconds(5), TimeSpan.FromSeconds(4));
    }

    private Task<string> OpenAsync() => OpenAsync(subject);

    private static async Task<string> OpenAsync(HttpSubject subject)
    {
        Answer created = await subject.SendAsync("POST", "/v1/snapshots");
        created.Status.ShouldBe(201, created.Text);
        return created.Json.GetProperty("id").GetString()!;
    }

    private static async Task<int> HeldAsync(HttpSubject subject)
    {
        JsonElement status = (await subject.GetAsync("/v1/status")).Json;
        return status.GetProperty("counters").GetProperty("snapshots").GetInt32();
    }
}
