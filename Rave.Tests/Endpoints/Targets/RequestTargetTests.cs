using Rave.Client;
using Rave.Server.Requests;

namespace Rave.Tests.Endpoints;

public sealed class RequestTargetTests
{
    [Theory]
    [InlineData("/v1/kv/a", "/v1/kv/a", "")]
    [InlineData("/v1/kv/a?", "/v1/kv/a", "")]
    [InlineData("/v1/kv/a?x=1?y/../", "/v1/kv/a", "x=1?y/../")]
    [InlineData("/v1/kv/%2F%252F", "/v1/kv/%2F%252F", "")]
    [InlineData("/v1/kv/http://x/y", "/v1/kv/http://x/y", "")]
    [InlineData("http://rave/v1/kv/a?x=1", "/v1/kv/a", "x=1")]
    [InlineData("http://rave:80/v1/kv/http://x", "/v1/kv/http://x", "")]
    [InlineData("http://rave", "/", "")]
    [InlineData("http://rave?x=/", "/", "x=/")]
    [InlineData("*", "*", "")]
    public void A_target_is_cut_and_nothing_is_decoded(string raw, string path, string query) =>
        RequestTarget.Parse(raw).ShouldBe(new RequestTarget(path, query));

    [Theory]
    [InlineData("/v1/kv/..")]
    [InlineData("/v1/kv/.")]
    [InlineData("/./v1/kv/a")]
    [InlineData("/v1/kv/a/../b")]
    [InlineData("/v1/kv/a/..?x=1")]
    [InlineData("/v1/kv/%2e")]
    [InlineData("/v1/kv/%2E%2e")]
    [InlineData("/v1/kv/.%2e/entries")]
    [InlineData("/v1/kv/%2e./entries")]
    [InlineData("http://rave/v1/kv/../entries")]
    public void A_dot_segment_is_refused(string raw) =>
        Should.Throw<RaveException>(() => RequestTarget.Parse(raw)).Code.ShouldBe(ErrorCodes.InvalidRequest);

    [Theory]
    [InlineData("/v1/kv/...")]
    [InlineData("/v1/kv/.a")]
    [InlineData("/v1/kv/a.")]
    [InlineData("/v1/kv/..a/b..")]
    [InlineData("/v1/kv/%2e%2e%2e")]
    [InlineData("/v1/kv/%252e%252e")]
    [InlineData("/v1/kv/%2")]
    [InlineData("/v1/kv/a?b/../c")]
    public void Other_dots_are_accepted(string raw) => Should.NotThrow(() => RequestTarget.Parse(raw));
}
