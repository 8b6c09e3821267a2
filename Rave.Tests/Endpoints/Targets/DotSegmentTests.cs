using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

public abstract class DotSegmentTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : DotSegmentTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : DotSegmentTests(gateway), IClassFixture<SharedGateway>;

    [Theory]
    [InlineData("/v1/kv/../entries?all=true")]
    [InlineData("/v1/kv/%2e%2e/entries?all=true")]
    [InlineData("/v1/kv/.%2E/entries?all=true")]
    [InlineData("/v1/kv/%2e./entries?all=true")]
    [InlineData("/v1/./entries?all=true")]
    [InlineData("/v1/%2e/entries?all=true")]
    [InlineData("/../v1/entries?all=true")]
    [InlineData("/v1/x/../entries?all=true")]
    [InlineData("/v1/kv/..")]
    [InlineData("/v1/kv/.")]
    [InlineData("/v1/kv/%2e")]
    [InlineData("/v1/kv/a/../survivor")]
    [InlineData("/v1/kv/a/./b")]
    [InlineData("/v1/kv/a/..")]
    [InlineData("/v1/kv/a/%2E%2e?keyEncoding=hex")]
    [InlineData("http://rave/v1/kv/../entries?all=true")]
    [InlineData("http://rave/v1/kv/%2e%2e/entries?all=true")]
    public async Task A_dot_segment_is_refused_in_every_spelling(string target)
    {
        await subject.PutAsync("/v1/kv/survivor", "x");
        foreach (string method in (string[])["DELETE", "GET", "PUT", "POST"])
        {
            RawResponse refused = await RawHttp.SendAsync(subject.SocketPath, method, target);
            refused.Status.ShouldBe(400, $"{method} {target}");
            refused.Body.ShouldContain("LEVEL_INVALID_REQUEST");
        }

        (await subject.GetAsync("/v1/kv/survivor")).Text.ShouldBe("x");
    }

    [Theory]
    [InlineData("...", "...")]
    [InlineData(".hidden", ".hidden")]
    [InlineData("a..b", "a..b")]
    [InlineData("%2e%2e%2e", "...")]
    [InlineData("%252e%252e", "%2e%2e")]
    [InlineData("a/.b/c.", "a/.b/c.")]
    [InlineData("a%2F..%2Fb", "a/../b")]
    public async Task Dots_that_are_not_a_whole_segment_are_part_of_the_key(string written, string key)
    {
        (await subject.PutAsync("/v1/kv/" + written, written)).Status.ShouldBe(204);
        string hex = Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(key));
        (await subject.GetAsync($"/v1/kv/{hex}?keyEncoding=hex")).Text.ShouldBe(written);
    }

    [Fact]
    public async Task A_key_that_is_a_dot_segment_can_be_sent_in_hex()
    {
        (await subject.PutAsync("/v1/kv/2e2e?keyEncoding=hex", "dots")).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/kv/Li4?keyEncoding=base64url")).Text.ShouldBe("dots");
        (await subject.GetAsync("/v1/entries?gte=..&lte=..")).Keys.ShouldBe("..");
    }

    [Theory]
    [InlineData("DELETE /v1/kv/../entries?all=true")]
    [InlineData("DELETE /v1/kv/%2e%2E/entries?all=true")]
    [InlineData("DELETE /v1/kv/.%2e/entries?all=true")]
    [InlineData("DELETE http://rave/v1/kv/../entries?all=true")]
    [InlineData("GET /v1/./status")]
    [InlineData("GET /nowhere/..")]
    [InlineData("GET /v1/kv/a/./b")]
    [InlineData("GET /v1/snapshots/%2e")]
    public async Task A_dot_segment_anywhere_in_the_raw_target_is_400(string request)
    {
        await subject.FillAsync("gr/dots");
        (await subject.AskAsync(request)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
        (await subject.AskAsync("GET /v1/kv/gr/dots")).Status.ShouldBe(200);
    }
}
