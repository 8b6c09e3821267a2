using Rave.Tests.Harness;

namespace Rave.Tests.Contract;

[Collection(ContractSuite.Name)]
public sealed class QueryAndBodyRuleTests(ContractLeader leader)
{
    [Fact]
    public async Task A_query_value_is_decoded_exactly_once_and_plus_is_a_space()
    {
        await leader.FillAsync("qb%20x", "qb+x", "qb%2520x");
        (await leader.AskAsync("GET /v1/entries?prefix=qb+")).Keys.ShouldBe("qb x");
        (await leader.AskAsync("GET /v1/entries?prefix=qb%2b")).Keys.ShouldBe("qb+x");
        (await leader.AskAsync("GET /v1/entries?prefix=qb%2520")).Keys.ShouldBe("qb%20x");
    }

    [Theory]
    [InlineData("gte=%FF")]
    [InlineData("gte=%")]
    [InlineData("gte=%2x")]
    [InlineData("gte=q&gte=q")]
    [InlineData("GTE=q")]
    [InlineData("gte=q&limt=10")]
    [InlineData("gte=q&")]
    public async Task What_is_wrong_in_a_query_deletes_nothing(string query)
    {
        await leader.FillAsync("qb/kept");
        int status = (await leader.AskAsync($"DELETE /v1/entries?{query}&lt=a")).Status;
        status.ShouldBe(query.EndsWith('&') ? 204 : 400);
        (await leader.AskAsync("GET /v1/kv/qb/kept")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("DELETE /v1/entries?prefix=q&limt=10", "limt")]
    [InlineData("GET /v1/kv/a?valueEncoding=hex", "valueEncoding")]
    [InlineData("GET /v1/status?pretty=true", "pretty")]
    [InlineData("GET /healthz?a", "a")]
    [InlineData("POST /v1/snapshots?ttl=5&x=1", "x")]
    public async Task An_unknown_parameter_is_refused_and_named(string request, string name) =>
        (await leader.AskAsync(request)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST").ShouldContain($"'{name}'");

    [Theory]
    [InlineData("get-many", """{"keys":[],"kyes":[]}""", "kyes")]
    [InlineData("get-many", """{"keys":[],"keys":[]}""", "keys")]
    [InlineData("has-many", """{"keys":[],"more":1}""", "more")]
    [InlineData("batch", """[{"type":"del","key":"a","if":1}]""", "if")]
    [InlineData("batch", """[{"type":"del","key":"a","key":"b"}]""", "key")]
    public async Task An_unknown_or_duplicate_member_is_refused_and_named(string route, string json, string member) =>
        (await leader.AskJsonAsync($"POST /v1/{route}", json)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST").ShouldContain($"'{member}'");

    [Fact]
    public async Task Order_is_by_bytes_and_reverse_is_descending()
    {
        // As UTF-16 the last two would change places.
        await leader.FillAsync("qo/a", "qo/B", "qo/%EF%BC%A1", "qo/%F0%9F%98%80");
        (await leader.AskAsync("GET /v1/entries?prefix=qo/&values=false")).Keys.ShouldBe("qo/B qo/a qo/\uff21 qo/\U0001f600");
        (await leader.AskAsync("GET /v1/entries?prefix=qo/&limit=2&lt=qo/b")).Keys.ShouldBe("qo/B qo/a");
        (await leader.AskAsync("GET /v1/entries?prefix=qo/&lt=qo/b&reverse=true")).Keys.ShouldBe("qo/a qo/B");
    }

    [Theory]
    [InlineData("reverse=1")]
    [InlineData("reverse=TRUE")]
    [InlineData("reverse=")]
    [InlineData("limit=0x10")]
    [InlineData("limit=1.0")]
    [InlineData("limit=+1")]
    [InlineData("limit=-2")]
    public async Task Booleans_are_true_or_false_and_numbers_decimal(string query) =>
        (await leader.AskAsync($"GET /v1/entries?{query}")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");

    [Fact]
    public async Task A_limit_of_minus_one_is_none()
    {
        await leader.FillAsync("ql/1", "ql/2");
        (await leader.AskAsync("GET /v1/entries?prefix=ql/&limit=-1")).Keys.ShouldBe("ql/1 ql/2");
        (await leader.AskAsync("GET /v1/entries?prefix=ql/")).Keys.ShouldBe("ql/1 ql/2");
    }

    [Fact]
    public async Task Errors_are_problems_unknown_routes_and_methods_included()
    {
        (await leader.AskAsync("GET /v2/kv/a")).ShouldBeProblem(404, "LEVEL_NOT_FOUND");
        WireAnswer method = await leader.AskAsync("POST /v1/kv/a", "x");
        method.ShouldBeProblem(405, "LEVEL_INVALID_REQUEST");
        method.Header("Allow").Split(", ").Order().ShouldBe(["DELETE", "GET", "HEAD", "PUT"]);
        (await leader.AskAsync("BREW /v1/status")).ShouldBeProblem(405, "LEVEL_INVALID_REQUEST");
    }

    [Theory]
    [InlineData("get", "/v1/kv/qb/method")]
    [InlineData("HEAd", "/v1/kv/qb/none")]
    [InlineData("delete", "/v1/kv/qb/method")]
    [InlineData("Delete", "/v1/entries?prefix=qb/method")]
    [InlineData("post", "/v1/batch")]
    public async Task Methods_are_spelled_exactly(string method, string target)
    {
        await leader.FillAsync("qb/method");
        WireAnswer refused = await leader.AskAsync($"{method} {target}");
        refused.ShouldBeProblem(405, "LEVEL_INVALID_REQUEST");
        refused.Header("Allow").ShouldContain(method.ToUpperInvariant());
        (await leader.AskAsync("GET /v1/kv/qb/method")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("/v1/entries")]
    [InlineData("/v1/status")]
    [InlineData("/healthz")]
    [InlineData("/openapi/v1.json")]
    public async Task Head_is_a_method_of_one_entry_alone(string target)
    {
        WireAnswer head = await leader.AskAsync($"HEAD {target}");
        head.Status.ShouldBe(405);
        head.Header("Allow").ShouldNotContain("HEAD");
        head.Body.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET /v1/kv/a HTTP/9.9\r\n\r\n", 505)]
    [InlineData("nonsense\r\n\r\n", 400)]
    [InlineData("GET /v1/kv/a%00 HTTP/1.1\r\nHost: rave\r\n\r\n", 400)]
    public async Task What_kestrel_refuses_has_a_status_and_no_body(string request, int status)
    {
        RawResponse answer = await RawHttp.SendAsync(leader.SocketPath, request);
        answer.Status.ShouldBe(status);
        answer.Body.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("batch", "[]", "Content-Type: text/plain")]
    [InlineData("get-many", """{"keys":[]}""", "Content-Type: application/x-www-form-urlencoded")]
    [InlineData("has-many", """{"keys":[]}""", "X-None: 1")]
    public async Task Json_needs_its_type_else_415_that_says_so(string route, string body, string header) =>
        (await leader.AskAsync($"POST /v1/{route}", body, header)).ShouldBeProblem(415, "LEVEL_INVALID_REQUEST").ShouldContain("application/json");

    [Theory]
    [InlineData("GET /v1/count", 200)]
    [InlineData("GET /v1/kv/qb/none", 404)]
    [InlineData("DELETE /v1/kv/qb/none", 204)]
    [InlineData("POST /v1/snapshots?ttl=1", 201)]
    [InlineData("POST /v1/compact?start=qb&end=qb0", 204)]
    public async Task Routes_without_a_body_ignore_one(string request, int status) =>
        (await leader.AskAsync(request, "{ no json", "Content-Type: text/plain")).Status.ShouldBe(status);

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/vnd.none+json")]
    [InlineData(";;;")]
    [InlineData("*/*")]
    public async Task An_accept_that_is_not_served_gets_json(string accept)
    {
        WireAnswer page = await leader.AskAsync("GET /v1/entries?prefix=qb/", null, $"Accept: {accept}");
        page.Status.ShouldBe(200);
        page.Header("Content-Type").ShouldBe("application/json");
    }
}
