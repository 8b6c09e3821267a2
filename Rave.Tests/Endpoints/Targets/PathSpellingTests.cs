using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

public abstract class PathSpellingTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : PathSpellingTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : PathSpellingTests(gateway), IClassFixture<SharedGateway>;

    [Theory]
    [InlineData("/v1/kv")]
    [InlineData("/V1/kv/a")]
    [InlineData("/v1/KV/a")]
    [InlineData("/v1/k%76/a")]
    [InlineData("/v1/%6bv/a")]
    [InlineData("//v1/entries")]
    [InlineData("/%761/kv/a")]
    [InlineData("/v1%2Fkv/a")]
    [InlineData("/v1/kv%2Fa")]
    [InlineData("//v1/kv/a")]
    [InlineData("/v1//kv/a")]
    [InlineData("/v1/entries/")]
    [InlineData("/v1/Entries")]
    [InlineData("/v1/%65ntries")]
    [InlineData("/v1/status/")]
    [InlineData("/v1/count/x")]
    [InlineData("/healthz/")]
    [InlineData("/v1")]
    [InlineData("/")]
    [InlineData("/v2/kv/a")]
    [InlineData("/v1/kvx")]
    public async Task A_path_with_another_spelling_is_404(string target)
    {
        await subject.PutAsync("/v1/kv/a", "x");
        (await subject.GetAsync(target)).ShouldBeProblem(404, "LEVEL_NOT_FOUND");
        (await subject.DeleteAsync(target + "?all=true")).ShouldBeProblem(404, "LEVEL_NOT_FOUND");
        (await subject.GetAsync("/v1/kv/a")).Text.ShouldBe("x");
    }

    [Fact]
    public async Task A_target_in_absolute_form_is_cut_to_its_path()
    {
        await subject.PutAsync("/v1/kv/http://x/y?keyEncoding=utf8", "odd");
        (await RawHttp.SendAsync(subject.SocketPath, "GET", "http://rave/v1/kv/http://x/y")).Body.ShouldBe("odd");
        (await RawHttp.SendAsync(subject.SocketPath, "GET", "http://rave/v1/kv/http:%2F%2Fx%2fy?keyEncoding=utf8")).Body.ShouldBe("odd");
        (await RawHttp.SendAsync(subject.SocketPath, "GET", "http://rave/healthz")).Status.ShouldBe(200);
        (await RawHttp.SendAsync(subject.SocketPath, "GET", "http://rave")).Status.ShouldBe(404);
        (await RawHttp.SendAsync(subject.SocketPath, "GET", "http://rave/V1/kv/a")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_target_without_a_path_is_404() =>
        (await RawHttp.SendAsync(subject.SocketPath, "OPTIONS", "*")).Status.ShouldBe(404);

    [Fact]
    public async Task A_question_mark_without_a_query_changes_nothing() =>
        (await subject.GetAsync("/healthz?")).Status.ShouldBe(200);

    [Fact]
    public async Task An_absolute_form_target_is_cut_to_its_path()
    {
        (await subject.AskAsync("PUT http://rave/v1/kv/gr/absolute?sync=true", "1")).Status.ShouldBe(204);
        (await subject.AskAsync("GET /v1/kv/gr/absolute")).Body.ShouldBe("1");
    }
}
