namespace Rave.Tests.Contract;

// The forms for programs. A body has a character a byte.
[Collection(ContractSuite.Name)]
public sealed class BinaryFormTests(ContractLeader leader)
{
    private const string Operations = "Content-Type: application/vnd.rave.operations;v=1";
    private const string Entries = "Accept: application/vnd.rave.entries;v=1";

    [Fact]
    public async Task A_batch_of_operations_is_applied_and_a_get_many_answers_in_entries()
    {
        // put "bf/a" = "1"; put "bf/b" = "".
        (await leader.AskAsync("POST /v1/batch", "\u0001\u0004bf/a\u00011\u0001\u0004bf/b\0", Operations)).Status.ShouldBe(204);
        (await leader.AskAsync("GET /v1/kv/bf/a")).Body.ShouldBe("1");
        WireAnswer got = await leader.AskAsync("POST /v1/get-many", "\u0006\u0004bf/a\u0006\u0004none", Operations, Entries);
        got.Status.ShouldBe(200);
        got.Header("Content-Type").ShouldStartWith("application/vnd.rave.entries");
        got.Body.ShouldContain("1");
    }

    [Fact]
    public async Task A_version_that_the_leader_does_not_know_is_415() =>
        (await leader.AskAsync("POST /v1/batch", "", "Content-Type: application/vnd.rave.operations;v=2")).ShouldBeProblem(415, "LEVEL_INVALID_REQUEST");

    [Fact]
    public async Task Json_stays_the_default() =>
        (await leader.AskJsonAsync("POST /v1/get-many", """{"keys":["bf/none"]}""")).Body.ShouldBe("""{"entries":[null]}""");

    [Theory]
    [InlineData("\u0001\u0005ab")]
    [InlineData("\u0009")]
    [InlineData("\u0001\u0001a\u00ff\u00ff\u00ff\u00ff\u00ff")]
    public async Task A_malformed_body_is_400_and_nothing_is_written(string body) =>
        (await leader.AskAsync("POST /v1/batch", body, Operations)).ShouldBeProblem(400, "LEVEL_INVALID_BATCH");
}
