using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

public abstract class AcceptTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : AcceptTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : AcceptTests(gateway), IClassFixture<SharedGateway>;

    [Theory]
    [InlineData("application/x-ndjson")]
    [InlineData("Application/X-NDJSON")]
    [InlineData("application/x-ndjson;charset=utf-8")]
    [InlineData("application/x-ndjson, */*")]
    [InlineData("*/*, application/x-ndjson")]
    [InlineData("application/json;q=0.5, application/x-ndjson;q=0.9")]
    [InlineData("text/html, application/x-ndjson;q=0.1")]
    [InlineData("application/json;q=0, application/x-ndjson;q=0.001")]
    public async Task Lines_are_sent_to_clients_that_prefer_them(string accept) =>
        (await MediaTypeAsync(accept)).ShouldBe("application/x-ndjson");

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/*")]
    [InlineData("application/json")]
    [InlineData("application/json, application/x-ndjson")]
    [InlineData("application/json, application/x-ndjson;q=0.9")]
    [InlineData("*/*, application/x-ndjson;q=0")]
    [InlineData("application/x-ndjson;q=0")]
    [InlineData("text/html")]
    [InlineData("garbage")]
    [InlineData("")]
    public async Task All_other_clients_get_json(string accept) => (await MediaTypeAsync(accept)).ShouldBe("application/json");

    [Fact]
    public async Task A_protocol_that_cannot_mark_a_cut_stream_gets_json()
    {
        RawResponse page = await RawHttp.SendAsync(subject.SocketPath,
            "GET /v1/entries?limit=0 HTTP/1.0\r\nHost: rave\r\nAccept: application/x-ndjson\r\n\r\n");
        page.Head.ShouldContain("Content-Type: application/json");
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("image/png")]
    [InlineData("garbage")]
    [InlineData("application/vnd.none+json")]
    [InlineData(";;;")]
    [InlineData("*/*")]
    public async Task An_accept_that_is_not_served_gets_json(string accept)
    {
        WireAnswer page = await subject.AskAsync("GET /v1/entries?prefix=qb/", null, $"Accept: {accept}");
        page.Status.ShouldBe(200);
        page.Header("Content-Type").ShouldBe("application/json");
    }

    private async Task<string?> MediaTypeAsync(string accept) =>
        (await subject.GetAsync("/v1/entries?limit=1", ("Accept", accept))).MediaType;
}
