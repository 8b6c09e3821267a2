using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

// The table of codes: each is provoked from the outside. Those of a leader that cannot work are in FailureCodeTests, 403 is in
// SecurityTests.
public abstract class CodeTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : CodeTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : CodeTests(gateway), IClassFixture<SharedGateway>;

    [Theory]
    [InlineData("LEVEL_INVALID_REQUEST", "GET /v1/entries?limt=1")]
    [InlineData("LEVEL_INVALID_KEY", "GET /v1/kv/zz?keyEncoding=hex")]
    [InlineData("LEVEL_INVALID_VALUE", "POST /v1/batch", """[{"type":"put","key":"co/400","value":1}]""")]
    [InlineData("LEVEL_INVALID_BATCH", "POST /v1/batch", """{"type":"put","key":"co/400","value":"1"}""")]
    [InlineData("LEVEL_INVALID_CONTINUATION", "GET /v1/entries?continuation=x")]
    [InlineData("LEVEL_ENCODING_NOT_FOUND", "PUT /v1/kv/co/400?keyEncoding=utf16", "1")]
    public async Task Status_400_is_one_of_six_codes_and_nothing_is_written(string code, string request, string? body = null)
    {
        (await subject.AskAsync(request, body, HttpSubject.Json)).ShouldBeProblem(400, code);
        (await subject.AskAsync("GET /v1/kv/co/400")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData(404, "LEVEL_NOT_FOUND", "GET /v1/kv/co/none")]
    [InlineData(404, "LEVEL_NOT_FOUND", "GET /v1/nowhere")]
    [InlineData(405, "LEVEL_INVALID_REQUEST", "PATCH /v1/kv/co/none")]
    [InlineData(410, "LEVEL_SNAPSHOT_NOT_OPEN", "GET /v1/count?snapshot=none")]
    [InlineData(415, "LEVEL_INVALID_REQUEST", "POST /v1/has-many", "{}", "Content-Type: text/plain")]
    [InlineData(412, "LEVEL_PRECONDITION_FAILED", "PUT /v1/kv/co/none", "1", "If-Match: *")]
    public async Task A_status_has_its_code(int status, string code, string request, string? body = null,
        string header = HttpSubject.Json) =>
        (await subject.AskAsync(request, body, header)).ShouldBeProblem(status, code);

    [Fact]
    public async Task Status_409_is_LEVEL_STALE_RETRY()
    {
        (await subject.AskAsync("PUT /v1/kv/co/409", "2", "Idempotency-Key: codes-stale-00000;2")).Status.ShouldBe(204);
        (await subject.AskAsync("PUT /v1/kv/co/409", "1", "Idempotency-Key: codes-stale-00000;1"))
            .ShouldBeProblem(409, "LEVEL_STALE_RETRY");
    }

    [Theory]
    [InlineData("POST /v1/batch", 128 << 20)]
    [InlineData("PUT /v1/kv/co/413", 128 << 20)]
    public async Task Status_413_is_LEVEL_TOO_LARGE(string request, int limit)
    {
        // The body is refused by its length, before it is sent. A value above its own, lower limit is in LimitTests.
        string head = $"{request} HTTP/1.1\r\nHost: rave\r\nConnection: close\r\n{HttpSubject.Json}\r\n"
            + $"Content-Length: {limit + 1}\r\n\r\n";
        WireAnswer.Of(await RawHttp.SendAsync(subject.SocketPath, head)).ShouldBeProblem(413, "LEVEL_TOO_LARGE");
        (await subject.AskAsync("GET /v1/kv/co/413")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Status_422_is_LEVEL_DECODE_ERROR()
    {
        await subject.AskAsync("PUT /v1/kv/co/422", "\u00ff");
        (await subject.AskAsync("GET /v1/entries?prefix=co/422")).ShouldBeProblem(422, "LEVEL_DECODE_ERROR");
    }
}
