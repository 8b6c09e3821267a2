namespace Rave.Tests.Contract;

[Collection(ContractSuite.Name)]
public sealed class SnapshotTests(ContractLeader leader)
{
    [Fact]
    public async Task Post_snapshots_is_201_with_its_location_id_and_expiry()
    {
        WireAnswer taken = await leader.AskAsync("POST /v1/snapshots?ttl=5");
        taken.Status.ShouldBe(201);
        taken.Header("Location").ShouldBe("/v1/snapshots/" + taken.Json.GetProperty("id").GetString());
        taken.Json.GetProperty("expiresAt").GetDateTimeOffset().ShouldBe(TimeProvider.System.GetUtcNow().AddSeconds(5), TimeSpan.FromSeconds(4));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("3601")]
    [InlineData("1.5")]
    public async Task A_ttl_is_1_to_3600_seconds(string seconds) =>
        (await leader.AskAsync($"POST /v1/snapshots?ttl={seconds}")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");

    [Fact]
    public async Task Delete_is_204_and_ends_it()
    {
        string id = (await leader.AskAsync("POST /v1/snapshots")).Json.GetProperty("id").GetString()!;
        (await leader.AskAsync($"DELETE /v1/snapshots/{id}")).Status.ShouldBe(204);
        (await leader.AskAsync($"GET /v1/kv/sn/a?snapshot={id}")).ShouldBeProblem(410, "LEVEL_SNAPSHOT_NOT_OPEN");
        (await leader.AskAsync($"DELETE /v1/snapshots/{id}")).ShouldBeProblem(410, "LEVEL_SNAPSHOT_NOT_OPEN");
    }

    [Theory]
    [InlineData("GET /v1/kv/sn/a?snapshot=none", null)]
    [InlineData("GET /v1/entries?snapshot=none", null)]
    [InlineData("GET /v1/count?snapshot=none", null)]
    [InlineData("POST /v1/get-many?snapshot=none", "{\"keys\":[\"a\"]}")]
    [InlineData("POST /v1/has-many?snapshot=none", "{\"keys\":[\"a\"]}")]
    [InlineData("DELETE /v1/entries?all=true&snapshot=none", null)]
    public async Task An_unknown_one_is_410_and_never_another_snapshot(string request, string? body) =>
        (await leader.AskAsync(request, body, ContractLeader.Json)).ShouldBeProblem(410, "LEVEL_SNAPSHOT_NOT_OPEN");

    [Fact]
    public async Task Every_read_sees_what_was()
    {
        await leader.FillAsync("sn/read/1");
        string id = (await leader.AskAsync("POST /v1/snapshots")).Json.GetProperty("id").GetString()!;
        await leader.AskAsync("DELETE /v1/kv/sn/read/1");
        await leader.FillAsync("sn/read/2");
        (await leader.AskAsync($"GET /v1/entries?prefix=sn/read/&snapshot={id}")).Keys.ShouldBe("sn/read/1");
        (await leader.AskAsync($"GET /v1/count?prefix=sn/read/&snapshot={id}")).Body.ShouldBe("""{"count":1}""");
        (await leader.AskJsonAsync($"POST /v1/has-many?snapshot={id}", """{"keys":["sn/read/1","sn/read/2"]}""")).Body.ShouldBe("""{"found":[true,false]}""");
        (await leader.AskJsonAsync($"POST /v1/get-many?snapshot={id}", """{"keys":["sn/read/2"]}""")).Body.ShouldBe("""{"entries":[null]}""");
    }
}
