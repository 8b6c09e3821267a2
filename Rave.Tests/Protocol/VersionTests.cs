using System.Text;
using System.Text.Json;
using Rave.Client;
using Rave.Tests.Endpoints;
using Rave.Tests.Harness;

namespace Rave.Tests.Protocol;

// Leaders and followers of different versions meet on one machine.
public sealed class VersionTests(SharedLeader leader) : IClassFixture<SharedLeader>
{
    // The first version of v1. Lines and words may be added, but not changed or removed.
    [Theory]
    [InlineData("GET /v1/kv/{key}", "If-Match If-None-Match keyEncoding snapshot")]
    [InlineData("HEAD /v1/kv/{key}", "If-Match If-None-Match keyEncoding snapshot")]
    [InlineData("PUT /v1/kv/{key}", "Idempotency-Key If-Match If-None-Match keyEncoding sync")]
    [InlineData("DELETE /v1/kv/{key}", "Idempotency-Key If-Match If-None-Match keyEncoding sync")]
    [InlineData("POST /v1/get-many", "keyEncoding snapshot valueEncoding")]
    [InlineData("POST /v1/has-many", "keyEncoding snapshot")]
    [InlineData("POST /v1/batch", "Idempotency-Key keyEncoding sync valueEncoding")]
    [InlineData("GET /v1/entries",
        "continuation etags gt gte keyEncoding keys limit lt lte pageSize prefix reverse snapshot valueEncoding values")]
    [InlineData("POST /v1/entries", "keyEncoding sync valueEncoding")]
    [InlineData("DELETE /v1/entries", "Idempotency-Key all gt gte keyEncoding limit lt lte prefix reverse snapshot sync")]
    [InlineData("GET /v1/count", "gt gte keyEncoding lt lte prefix snapshot")]
    [InlineData("POST /v1/snapshots", "ttl")]
    [InlineData("DELETE /v1/snapshots/{id}", "id")]
    [InlineData("DELETE /v1/sessions/{session}", "session")]
    [InlineData("GET /v1/changes", "Last-Event-ID gt gte keyEncoding lt lte prefix valueEncoding values")]
    [InlineData("GET /v1/status", "")]
    [InlineData("GET /v1/leader", "")]
    [InlineData("POST /v1/leader/step-down", "")]
    [InlineData("GET /healthz", "")]
    [InlineData("GET /metrics", "")]
    [InlineData("GET /v1/properties/{name}", "name")]
    [InlineData("GET /v1/approximate-size", "end keyEncoding start")]
    [InlineData("POST /v1/compact", "end keyEncoding start")]
    [InlineData("GET /openapi/v1.json", "")]
    public async Task Within_v1_parameters_are_only_added(string route, string parameters)
    {
        string[] words = route.Split(' ');
        JsonElement operation = (await DocumentAsync()).GetProperty("paths").GetProperty(words[1]).GetProperty(words[0].ToLowerInvariant());
        string[] known = operation.TryGetProperty("parameters", out JsonElement list)
            ? [.. list.EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()!)] : [];
        parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBeSubsetOf(known);
    }

    [Theory]
    [InlineData("Page", "entries continuation")]
    [InlineData("Entry", "key value etag")]
    [InlineData("Found", "found")]
    [InlineData("Count", "count")]
    [InlineData("Size", "bytes")]
    [InlineData("Loaded", "written")]
    [InlineData("Snapshot", "id expiresAt")]
    [InlineData("Leader", "pid epoch since program")]
    [InlineData("Status", "leader location versions uptimeSeconds limits counters sizeOnDisk")]
    [InlineData("Problem", "type title status detail code line written")]
    [InlineData("Operation", "type key value etag exists")]
    public async Task Within_v1_members_are_only_added(string schema, string members) => members.Split(' ').ShouldBeSubsetOf(
        (await DocumentAsync()).GetProperty("components").GetProperty("schemas").GetProperty(schema).GetProperty("properties")
            .EnumerateObject().Select(member => member.Name));

    [Fact]
    public async Task The_typed_client_ignores_members_that_it_does_not_know()
    {
        await using RaveLevel db = await OpenAsync(socket => new TellsMore(socket));
        await db.Batch().Put("vs/a", "1").Put("vs/b", "2").WriteAsync();
        (await db.CountAsync(new() { Gte = "vs/", Lt = "vs0" })).ShouldBe(2);
        (await db.ApproximateSizeAsync()).ShouldBeGreaterThanOrEqualTo(0);
        await using Snapshot snapshot = await db.SnapshotAsync();
        await db.PutAsync("vs/a", "3");
        (await db.GetAsync("vs/a", new() { Snapshot = snapshot })).ShouldBe("1");
    }

    [Fact]
    public async Task A_leader_with_another_version_of_the_binary_form_refuses_writes_and_reads_with_an_error()
    {
        await using RaveLevel db = await OpenAsync(socket => new Rewrites(
            socket, request => request.Content?.Headers.ContentType =
                new("application/vnd.rave.operations") { Parameters = { new("v", "2") } }));
        foreach (Func<Task> ask in (Func<Task>[])[() => db.PutAsync("vs/none", "x").AsTask(), () => db.GetAsync("vs/a").AsTask(), () =>
            db.HasManyAsync(["vs/a", "vs/b"]).AsTask()])
        {
            RaveException refusal = await ask.ShouldThrowAsync<RaveException>();
            refusal.Code.ShouldBe("LEVEL_INVALID_REQUEST");
            refusal.MayHaveBeenApplied.ShouldBeFalse();
            refusal.Message.ShouldContain("same version");
        }

        (await leader.AskAsync("GET /v1/kv/vs%2Fnone")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task An_answer_in_another_form_than_requested_is_an_error_and_never_an_empty_page()
    {
        await using RaveLevel db = await OpenAsync(socket => new Rewrites(socket, request => request.Headers.Accept.Clear()));
        await db.PutAsync("vs/a", "1");
        Func<Task>[] reads =
        [
            () => db.GetAsync("vs/a").AsTask(), () => db.HasAsync("vs/a").AsTask(),
            () => db.Iterator(new() { Prefix = "vs/" }).NextAsync().AsTask(),
        ];
        foreach (Func<Task> ask in reads)
        {
            RaveException failure = await ask.ShouldThrowAsync<RaveException>();
            failure.Code.ShouldBe("LEVEL_INVALID_REQUEST");
            failure.Message.ShouldContain("application/json");
            failure.Message.ShouldContain("same version");
        }
    }

    [Theory]
    [InlineData("00" + "00")]
    [InlineData("04")]
    [InlineData("ff")]
    [InlineData("06" + "10" + "61616161616161616161616161616161" + "06" + "10" + "61616161616161616161616161616161" + "06" + "7f")]
    public async Task A_malformed_answer_to_shared_reads_fails_each_of_them_and_the_lane_continues(string answer)
    {
        bool malformed = true;
        await using RaveLevel db = await OpenAsync(socket => new Answers(socket, () => malformed ? Convert.FromHexString(answer) : null));
        await db.PutAsync("vs/a", "1");
        Task<string?>[] reads = [.. Enumerable.Range(0, 20).Select(_ => db.GetAsync("vs/a").AsTask())];
        foreach (Task<string?> read in reads)
        {
            (await Should.ThrowAsync<RaveException>(read.Soon())).Code.ShouldBe("LEVEL_IO_ERROR");
        }

        malformed = false;
        (await db.GetAsync("vs/a").AsTask().Soon()).ShouldBe("1");
    }

    private Task<RaveLevel> OpenAsync(Func<HttpMessageHandler, HttpMessageHandler> wire) =>
        RaveLevel.OpenAsync(Path.GetDirectoryName(leader.SocketPath)!, new() { CanLead = false, Wire = wire });

    private async Task<JsonElement> DocumentAsync() => (await leader.AskAsync("GET /openapi/v1.json")).Json;

    // A leader whose answers to get-manys have other bytes.
    private sealed class Answers(HttpMessageHandler socket, Func<byte[]?> bytes) : DelegatingHandler(socket)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (request.RequestUri!.AbsolutePath == "/v1/get-many" && bytes() is { } other)
            {
                response.Content = new ByteArrayContent(other) { Headers = { ContentType = response.Content.Headers.ContentType } };
            }

            return response;
        }
    }

    // A client of another version, as its leader sees it.
    private sealed class Rewrites(HttpMessageHandler socket, Action<HttpRequestMessage> rewrite) : DelegatingHandler(socket)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            rewrite(request);
            return base.SendAsync(request, cancellationToken);
        }
    }

    // A leader that tells more than is known here.
    private sealed class TellsMore(HttpMessageHandler socket) : DelegatingHandler(socket)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (response.Content.Headers.ContentType?.MediaType == "application/json")
            {
                string text = await response.Content.ReadAsStringAsync(cancellationToken);
                response.Content = new StringContent(text.Replace("{\"", "{\"added\":[{\"in\":2}],\"", StringComparison.Ordinal),
                    Encoding.UTF8, "application/json");
            }

            return response;
        }
    }
}
