namespace Rave.Tests.Endpoints;

// Who sends the key relies on the write being applied once: where that is not promised, the request is refused.
public sealed class IdempotencyKeyTests(SharedLeader leader) : IClassFixture<SharedLeader>
{
    [Theory]
    [InlineData("PUT", "/v1/kv/kept")]
    [InlineData("DELETE", "/v1/kv/kept")]
    [InlineData("GET", "/v1/kv/kept")]
    [InlineData("POST", "/v1/batch")]
    [InlineData("POST", "/v1/entries")]
    [InlineData("DELETE", "/v1/entries?prefix=kept")]
    [InlineData("GET", "/v1/entries")]
    [InlineData("GET", "/healthz")]
    public async Task A_key_that_would_not_be_heeded_is_refused(string method, string target)
    {
        await leader.PutAsync("/v1/kv/kept", "1");
        (await leader.SendAsync(method, target, null, ("Idempotency-Key", "0123456789abcdef;1"))).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST").ShouldContain("'Idempotency-Key'");
        (await leader.SendAsync(method, target, null, ("idempotency-key", ""))).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
        (await leader.GetAsync("/v1/kv/kept")).Text.ShouldBe("1");
    }
}
