using Rave.Tests.Etcd;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

public abstract class ProblemTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : ProblemTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : ProblemTests(gateway), IClassFixture<SharedGateway>
    {
        [Differs(Differences.Files)]
        public override Task Routes_without_a_body_ignore_one(string request, int status) => base.Routes_without_a_body_ignore_one(
            request, request.Contains("/v1/compact", StringComparison.Ordinal) ? 501 : status);
    }

    [Theory]
    [InlineData("POST", "/v1/kv/a", "GET, HEAD, PUT, DELETE")]
    [InlineData("PATCH", "/v1/kv/a", "GET, HEAD, PUT, DELETE")]
    [InlineData("PUT", "/v1/entries", "GET, POST, DELETE")]
    [InlineData("GET", "/v1/batch", "POST")]
    [InlineData("DELETE", "/v1/get-many", "POST")]
    [InlineData("POST", "/v1/count", "GET")]
    [InlineData("OPTIONS", "/v1/status", "GET")]
    [InlineData("BREW", "/healthz", "GET")]
    public async Task An_unsupported_method_is_405_and_the_supported_ones_are_listed(string method, string target, string allowed)
    {
        Answer refused = await subject.SendAsync(method, target);
        refused.ShouldBeProblem(405, "LEVEL_INVALID_REQUEST");
        string[] listed = string.Join(',', refused.Headers["Allow"]).Split(',', StringSplitOptions.TrimEntries);
        listed.ShouldBe(allowed.Split(", "), ignoreOrder: true);
    }

    [Theory]
    [InlineData("/v1/batch", null)]
    [InlineData("/v1/batch", "text/plain")]
    [InlineData("/v1/batch", "application/x-www-form-urlencoded")]
    [InlineData("/v1/get-many", "application/xml")]
    [InlineData("/v1/has-many", "application/json; charset=utf-16")]
    [InlineData("/v1/has-many", "application/jsonp")]
    [InlineData("/v1/batch", "json")]
    public async Task A_body_without_the_type_of_json_is_415_that_names_the_type(string target, string? contentType)
    {
        ByteArrayContent content = new("[]"u8.ToArray());
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        (await subject.SendAsync("POST", target, content)).ShouldBeProblem(415, "LEVEL_INVALID_REQUEST").ShouldContain("application/json");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/JSON; charset=UTF-8")]
    [InlineData("application/json;charset=\"utf-8\"")]
    public async Task Json_may_have_charset_utf8(string contentType)
    {
        ByteArrayContent content = new("[]"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        (await subject.SendAsync("POST", "/v1/batch", content)).Status.ShouldBe(204);
    }

    [Fact]
    public async Task A_failed_head_has_the_headers_of_the_problem_without_its_body()
    {
        Answer refused = await subject.SendAsync("HEAD", "/v1/kv/a?x=1");
        refused.Status.ShouldBe(400);
        refused.Bytes.ShouldBeEmpty();
        (await subject.SendAsync("HEAD", "/nowhere")).Status.ShouldBe(404);
        (await subject.SendAsync("HEAD", "/v1/status")).Status.ShouldBe(405);
    }

    [Fact]
    public async Task A_connection_lives_on_after_a_refusal()
    {
        string refused = "GET /v1/kv/%FF HTTP/1.1\r\nHost: rave\r\n\r\n";
        string fine = "GET /healthz HTTP/1.1\r\nHost: rave\r\nConnection: close\r\n\r\n";
        RawResponse both = await RawHttp.SendAsync(subject.SocketPath, refused + fine);
        both.Status.ShouldBe(400);
        both.Body.ShouldContain("HTTP/1.1 200 OK");
    }

    [Fact]
    public async Task Unusual_characters_in_a_target_break_neither_the_answer_nor_its_headers()
    {
        await subject.FillAsync("é1", "é2");
        for (int character = 1; character < 0x80; character++)
        {
            if (character is not ('\r' or '\n' or ' ' or '%'))
            {
                RawResponse answer = await RawHttp.SendAsync(subject.SocketPath, "GET", $"/v1/entries?pageSize=1&gt={(char)character}");
                answer.Status.ShouldBe(200, $"0x{character:x2}");
                answer.Head.ShouldMatch("Link: </v1/entries[!-;=?-~]+>; rel=\"next\"", $"0x{character:x2}");
            }
        }
    }

    [Fact]
    public async Task A_message_does_not_repeat_long_input()
    {
        string name = new('n', 500_000);
        Answer[] refused =
        [
            await subject.GetAsync($"/v1/entries?{name}=1"),
            await subject.GetAsync($"/v1/entries?keyEncoding={name}"),
            await subject.PostJsonAsync("/v1/get-many", $$"""{"{{name}}":1}"""),
            await subject.PostJsonAsync("/v1/batch", $$"""[{"{{name}}":1}]"""),
            await subject.GetAsync($"/v1/entries?limit={name}"),
            await subject.GetAsync("/v1/kv/" + name),
            await subject.PostJsonAsync("/v1/batch", name),
        ];
        foreach (Answer answer in refused)
        {
            answer.Status.ShouldBeInRange(400, 413);
            answer.Bytes.Length.ShouldBeLessThan(1000);
        }
    }

    [Theory]
    [InlineData("\r\n\r\n\r\nGET !\r\n\r\n")]
    [InlineData("GET\r\n\r\n")]
    [InlineData("GET / HTTP/9.9\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: rave\r\nHost: rave\r\n\r\n")]
    [InlineData("PUT /v1/kv/a HTTP/1.1\r\nHost: rave\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("PUT /v1/kv/a HTTP/1.1\r\nHost: rave\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("PUT /v1/kv/a HTTP/1.1\r\nHost: rave\r\nTransfer-Encoding: chunked\r\n\r\n99999999999999999999\r\n")]
    [InlineData("POST /v1/entries HTTP/1.1\r\nHost: rave\r\nContent-Type: application/x-ndjson\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n")]
    public async Task A_request_that_is_not_http_is_refused_and_harms_nothing(string garbage)
    {
        (await RawHttp.SendAsync(subject.SocketPath, garbage)).Status.ShouldBeOneOf(400, 505);
        (await subject.GetAsync("/healthz")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Errors_are_problems_unknown_routes_and_methods_included()
    {
        (await subject.AskAsync("GET /v2/kv/a")).ShouldBeProblem(404, "LEVEL_NOT_FOUND");
        WireAnswer method = await subject.AskAsync("POST /v1/kv/a", "x");
        method.ShouldBeProblem(405, "LEVEL_INVALID_REQUEST");
        method.Header("Allow").Split(", ").Order().ShouldBe(["DELETE", "GET", "HEAD", "PUT"]);
        (await subject.AskAsync("BREW /v1/status")).ShouldBeProblem(405, "LEVEL_INVALID_REQUEST");
    }

    [Theory]
    [InlineData("get", "/v1/kv/qb/method")]
    [InlineData("HEAd", "/v1/kv/qb/none")]
    [InlineData("delete", "/v1/kv/qb/method")]
    [InlineData("Delete", "/v1/entries?prefix=qb/method")]
    [InlineData("post", "/v1/batch")]
    public async Task Methods_are_spelled_exactly(string method, string target)
    {
        await subject.FillAsync("qb/method");
        WireAnswer refused = await subject.AskAsync($"{method} {target}");
        refused.ShouldBeProblem(405, "LEVEL_INVALID_REQUEST");
        refused.Header("Allow").ShouldContain(method.ToUpperInvariant());
        (await subject.AskAsync("GET /v1/kv/qb/method")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("/v1/entries")]
    [InlineData("/v1/status")]
    [InlineData("/healthz")]
    [InlineData("/openapi/v1.json")]
    public async Task Only_single_entries_support_head(string target)
    {
        WireAnswer head = await subject.AskAsync($"HEAD {target}");
        head.Status.ShouldBe(405);
        head.Header("Allow").ShouldNotContain("HEAD");
        head.Body.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET /v1/kv/a HTTP/9.9\r\n\r\n", 505)]
    [InlineData("nonsense\r\n\r\n", 400)]
    [InlineData("GET /v1/kv/a%00 HTTP/1.1\r\nHost: rave\r\n\r\n", 400)]
    public async Task A_refusal_by_Kestrel_has_a_status_and_no_body(string request, int status)
    {
        RawResponse answer = await RawHttp.SendAsync(subject.SocketPath, request);
        answer.Status.ShouldBe(status);
        answer.Body.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("batch", "[]", "Content-Type: text/plain")]
    [InlineData("get-many", """{"keys":[]}""", "Content-Type: application/x-www-form-urlencoded")]
    [InlineData("has-many", """{"keys":[]}""", "X-None: 1")]
    public async Task Json_without_its_type_is_415_that_names_the_type(string route, string body, string header) =>
        (await subject.AskAsync($"POST /v1/{route}", body, header)).ShouldBeProblem(415, "LEVEL_INVALID_REQUEST")
            .ShouldContain("application/json");

    [Theory]
    [InlineData("GET /v1/count", 200)]
    [InlineData("GET /v1/kv/qb/none", 404)]
    [InlineData("DELETE /v1/kv/qb/none", 204)]
    [InlineData("POST /v1/snapshots?ttl=1", 201)]
    [InlineData("POST /v1/compact?start=qb&end=qb0", 204)]
    public virtual async Task Routes_without_a_body_ignore_one(string request, int status) =>
        (await subject.AskAsync(request, "{ no json", "Content-Type: text/plain")).Status.ShouldBe(status);
}
