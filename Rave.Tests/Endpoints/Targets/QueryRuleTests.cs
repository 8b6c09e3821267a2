
namespace Rave.Tests.Endpoints;

public abstract class QueryRuleTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : QueryRuleTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : QueryRuleTests(gateway), IClassFixture<SharedGateway>;

    [Theory]
    [InlineData("DELETE", "/v1/entries?prefix=keep&limt=1", "limt")]
    [InlineData("DELETE", "/v1/entries?prefix=keep&Limit=1", "Limit")]
    [InlineData("DELETE", "/v1/entries?prefix=q&limt=10", "limt")]
    [InlineData("GET", "/v1/status?pretty=true", "pretty")]
    [InlineData("GET", "/healthz?a", "a")]
    [InlineData("POST", "/v1/snapshots?ttl=5&x=1", "x")]
    [InlineData("DELETE", "/v1/entries?all=true&pageSize=1", "pageSize")]
    [InlineData("DELETE", "/v1/entries?all=true&continuation=x", "continuation")]
    [InlineData("DELETE", "/v1/kv/keep?x=1", "x")]
    [InlineData("GET", "/v1/kv/keep?valueEncoding=hex", "valueEncoding")]
    [InlineData("GET", "/v1/kv/keep?sync=true", "sync")]
    [InlineData("PUT", "/v1/kv/keep?Sync=true", "Sync")]
    [InlineData("GET", "/v1/entries?all=true", "all")]
    [InlineData("GET", "/v1/count?limit=1", "limit")]
    [InlineData("GET", "/v1/count?reverse=true", "reverse")]
    [InlineData("GET", "/v1/status?pretty", "pretty")]
    [InlineData("GET", "/healthz?verbose=1", "verbose")]
    [InlineData("POST", "/v1/batch?synk=true", "synk")]
    [InlineData("POST", "/v1/has-many?valueEncoding=hex", "valueEncoding")]
    [InlineData("GET", "/v1/entries?%C3%A9=1", "é")]
    public async Task An_unknown_parameter_is_refused_and_named(string method, string target, string name)
    {
        await subject.PutAsync("/v1/kv/keep", "x");
        (await subject.SendAsync(method, target)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST").ShouldContain($"'{name}'");
        (await subject.GetAsync("/v1/kv/keep")).Text.ShouldBe("x");
    }

    [Theory]
    [InlineData("/v1/entries?limit=1&limit=1", "limit")]
    [InlineData("/v1/entries?gte=a&gte=b", "gte")]
    [InlineData("/v1/entries?gte=a&%67te=b", "gte")]
    [InlineData("/v1/kv/a?keyEncoding=hex&keyEncoding=hex", "keyEncoding")]
    public async Task A_parameter_given_twice_is_refused_and_named(string target, string name) =>
        (await subject.GetAsync(target)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST").ShouldContain($"'{name}'");

    [Theory]
    [InlineData("gte=%")]
    [InlineData("gte=%4")]
    [InlineData("gte=%zz")]
    [InlineData("gte=%FF")]
    [InlineData("gte=%C3")]
    [InlineData("%FF=a")]
    [InlineData("gte=%ED%A0%80")]
    public async Task A_value_that_cannot_be_decoded_deletes_nothing(string query)
    {
        await subject.PutAsync("/v1/kv/keep", "x");
        (await subject.DeleteAsync("/v1/entries?" + query)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
        (await subject.GetAsync("/v1/kv/keep")).Text.ShouldBe("x");
    }

    [Fact]
    public async Task A_plus_in_a_query_is_a_space()
    {
        await subject.FillAsync("plus/a b", "plus/a+b");
        (await subject.GetAsync("/v1/entries?gte=plus/a+b&lte=plus/a+b")).Keys.ShouldBe("plus/a b");
        (await subject.GetAsync("/v1/entries?gte=plus/a%2Bb&lte=plus/a%2Bb")).Keys.ShouldBe("plus/a+b");
        (await subject.GetAsync("/v1/entries?gte=plus/a%20b&lte=plus/a%20b")).Keys.ShouldBe("plus/a b");
    }

    [Fact]
    public async Task A_bound_is_decoded_exactly_once()
    {
        await subject.FillAsync("once/a%2Fb", "once/a/b");
        (await subject.GetAsync("/v1/entries?prefix=once/a%252Fb")).Keys.ShouldBe("once/a%2Fb");
        (await subject.GetAsync("/v1/entries?prefix=once%2Fa%2Fb")).Keys.ShouldBe("once/a/b");
    }

    [Theory]
    [InlineData("/v1/entries?reverse=1")]
    [InlineData("/v1/entries?reverse=TRUE")]
    [InlineData("/v1/entries?reverse")]
    [InlineData("/v1/entries?reverse=")]
    [InlineData("/v1/entries?keys=no")]
    [InlineData("/v1/entries?values=")]
    [InlineData("/v1/entries?limit=ten")]
    [InlineData("/v1/entries?limit=-2")]
    [InlineData("/v1/entries?limit=1.5")]
    [InlineData("/v1/entries?limit=1.0")]
    [InlineData("/v1/entries?limit=0x10")]
    [InlineData("/v1/entries?limit=+1")]
    [InlineData("/v1/entries?limit=")]
    [InlineData("/v1/entries?pageSize=0")]
    [InlineData("/v1/entries?pageSize=-1")]
    [InlineData("/v1/entries?pageSize=1e3")]
    public async Task Booleans_are_true_or_false_and_numbers_decimal(string target) =>
        (await subject.GetAsync(target)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");

    [Theory]
    [InlineData("DELETE", "/v1/entries?gte=a&all=maybe")]
    [InlineData("DELETE", "/v1/entries?gte=a&sync=maybe")]
    [InlineData("DELETE", "/v1/kv/keep?sync=maybe")]
    [InlineData("PUT", "/v1/kv/keep?sync=")]
    [InlineData("POST", "/v1/batch?sync=yes")]
    public async Task A_parameter_is_checked_even_if_it_has_no_effect(string method, string target)
    {
        await subject.PutAsync("/v1/kv/keep", "x");
        (await subject.SendAsync(method, target)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
        (await subject.GetAsync("/v1/kv/keep")).Text.ShouldBe("x");
    }

    [Theory]
    [InlineData("GET", "/v1/count?keyEncoding=latin1")]
    [InlineData("DELETE", "/v1/entries?all=true&keyEncoding=json")]
    [InlineData("GET", "/v1/entries?values=false&valueEncoding=UTF8")]
    [InlineData("GET", "/v1/kv/a?keyEncoding=")]
    [InlineData("POST", "/v1/get-many?valueEncoding=xml")]
    public async Task An_unknown_encoding_is_refused_on_every_route(string method, string target) =>
        (await subject.SendAsync(method, target)).ShouldBeProblem(400, "LEVEL_ENCODING_NOT_FOUND");

    [Fact]
    public async Task A_query_value_is_decoded_exactly_once_and_plus_is_a_space()
    {
        await subject.FillAsync("qb x", "qb+x", "qb%20x");
        (await subject.AskAsync("GET /v1/entries?prefix=qb+")).Keys.ShouldBe("qb x");
        (await subject.AskAsync("GET /v1/entries?prefix=qb%2b")).Keys.ShouldBe("qb+x");
        (await subject.AskAsync("GET /v1/entries?prefix=qb%2520")).Keys.ShouldBe("qb%20x");
    }

    [Theory]
    [InlineData("gte=%FF")]
    [InlineData("gte=%")]
    [InlineData("gte=%2x")]
    [InlineData("gte=q&gte=q")]
    [InlineData("GTE=q")]
    [InlineData("gte=q&limt=10")]
    [InlineData("gte=q&")]
    public async Task A_wrong_query_deletes_nothing(string query)
    {
        await subject.FillAsync("qb/kept");
        int status = (await subject.AskAsync($"DELETE /v1/entries?{query}&lt=a")).Status;
        status.ShouldBe(query.EndsWith('&') ? 204 : 400);
        (await subject.AskAsync("GET /v1/kv/qb/kept")).Status.ShouldBe(200);
    }
}
