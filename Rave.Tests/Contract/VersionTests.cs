using System.Net;
using System.Text;
using System.Text.Json;
using Rave.Client;

namespace Rave.Tests.Contract;

// Leaders and followers of different versions meet on one machine.
[Collection(ContractSuite.Name)]
public sealed class VersionTests(ContractLeader leader)
{
    // As v1 began. Lines and words may be added, none changed or taken away.
    [Theory]
    [InlineData("GET /v1/kv/{key}", "If-Match If-None-Match keyEncoding snapshot")]
    [InlineData("HEAD /v1/kv/{key}", "If-Match If-None-Match keyEncoding snapshot")]
    [InlineData("PUT /v1/kv/{key}", "Idempotency-Key If-Match If-None-Match keyEncoding sync")]
    [InlineData("DELETE /v1/kv/{key}", "Idempotency-Key If-Match If-None-Match keyEncoding sync")]
    [InlineData("POST /v1/get-many", "keyEncoding snapshot valueEncoding")]
    [InlineData("POST /v1/has-many", "keyEncoding snapshot")]
    [InlineData("POST /v1/batch", "Idempotency-Key keyEncoding sync valueEncoding")]
    [InlineData("GET /v1/entries", "continuation etags gt gte keyEncoding keys limit lt lte pageSize prefix reverse snapshot valueEncoding values")]
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
        string[] known = operation.TryGetProperty("parameters", out JsonElement list) ? [.. list.EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()!)] : [];
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
        (await DocumentAsync()).GetProperty("components").GetProperty("schemas").GetProperty(schema).GetProperty("properties").EnumerateObject().Select(member => member.Name));

    [Fact]
    public async Task The_typed_client_falls_back_to_json_and_ignores_members_that_it_does_not_know()
    {
        List<string> refused = [];
        await using RaveLevel db = await RaveLevel.OpenAsync(
            Path.GetDirectoryName(leader.SocketPath)!, new() { CanLead = false, Wire = socket => new OtherVersion(socket, refused) });
        await db.Batch().Put("vs/a", "1").Put("vs/b", "2").WriteAsync();
        await db.PutAsync("vs/c", "3");
        (await db.GetManyAsync(["vs/a", "vs/none", "vs/c"])).ShouldBe(["1", null, "3"]);
        (await db.HasManyAsync(["vs/a", "vs/none"])).ShouldBe([true, false]);
        (await db.CountAsync(new() { Gte = "vs/", Lt = "vs0" })).ShouldBe(3);
        List<string> seen = [];
        await foreach ((string key, string value) in db.Iterate(new() { Gte = "vs/", Lt = "vs0" }))
        {
            seen.Add($"{key}={value}");
        }

        seen.ShouldBe(["vs/a=1", "vs/b=2", "vs/c=3"]);
        (await db.ApproximateSizeAsync()).ShouldBeGreaterThanOrEqualTo(0);
        refused.Count.ShouldBe(1, "it remembers what the leader does not know");
    }

    private async Task<JsonElement> DocumentAsync() => (await leader.AskAsync("GET /openapi/v1.json")).Json;

    // A leader that knows no binary form, and tells more than is known here.
    private sealed class OtherVersion(HttpMessageHandler socket, List<string> refused) : DelegatingHandler(socket)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content?.Headers.ContentType?.MediaType?.StartsWith("application/vnd.", StringComparison.Ordinal) == true)
            {
                refused.Add(request.RequestUri!.AbsolutePath);
                return new(HttpStatusCode.UnsupportedMediaType) { RequestMessage = request, Content = Json("""{"status":415,"code":"LEVEL_INVALID_REQUEST","detail":"No."}""") };
            }

            request.Headers.Accept.Clear();
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (response.Content.Headers.ContentType?.MediaType == "application/json")
            {
                string text = await response.Content.ReadAsStringAsync(cancellationToken);
                response.Content = Json(text.Replace("{\"", "{\"added\":[{\"in\":2}],\"", StringComparison.Ordinal));
            }

            return response;
        }

        private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
    }
}
