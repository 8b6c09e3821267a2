
namespace Rave.Tests.Endpoints;

public abstract class BatchCheckTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : BatchCheckTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : BatchCheckTests(gateway), IClassFixture<SharedGateway>;

    private static readonly string One = Tags.Of("1").InJson();
    private static readonly string Two = Tags.Of("2").InJson();

    [Fact]
    public async Task A_batch_whose_checks_hold_is_applied()
    {
        await subject.PutAsync("/v1/kv/ok/a", "1");
        string body = $$"""
            [
              {"type":"check","key":"ok/a","etag":"{{One}}"},
              {"type":"put","key":"ok/b","value":"2"},
              {"key":"ok/a","exists":true,"type":"check"},
              {"type":"del","key":"ok/a"},
              {"type":"check","exists":false,"key":"ok/c"}
            ]
            """;
        (await subject.PostJsonAsync("/v1/batch?sync=true", body)).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/entries?prefix=ok/")).Text
            .ShouldBe("""{"entries":[{"key":"ok/b","value":"2"}],"continuation":null}""");
    }

    [Theory]
    [InlineData("""{"type":"check","key":"no/a","etag":"TWO"}""")]
    [InlineData("""{"type":"check","key":"no/a","exists":false}""")]
    [InlineData("""{"type":"check","key":"no/b","exists":true}""")]
    [InlineData("""{"type":"check","key":"no/b","etag":"ONE"}""")]
    [InlineData("""{"type":"check","key":"no/a","etag":"\"abc\""}""")]
    [InlineData("""{"type":"check","key":"no/a","exists":true},{"type":"check","key":"no/b","exists":true}""")]
    public async Task One_check_that_fails_is_412_and_nothing_is_written(string check)
    {
        await subject.PutAsync("/v1/kv/no/a", "1");
        check = check.Replace("ONE", One, StringComparison.Ordinal).Replace("TWO", Two, StringComparison.Ordinal);
        string[] bodies = [$$"""[{"type":"put","key":"no/c","value":"3"},{{check}}]""", $$"""[{{check}},{"type":"del","key":"no/a"}]""",
            $"[{check}]"];
        foreach (string body in bodies)
        {
            (await subject.PostJsonAsync("/v1/batch", body)).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
            (await subject.PostJsonAsync("/v1/batch?sync=true", body)).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        }

        (await subject.GetAsync("/v1/entries?prefix=no/")).Text
            .ShouldBe("""{"entries":[{"key":"no/a","value":"1"}],"continuation":null}""");
    }

    [Fact]
    public async Task A_batch_of_only_checks_writes_nothing()
    {
        await subject.PutAsync("/v1/kv/only", "1");
        (await subject.PostJsonAsync("/v1/batch", $$"""[{"type":"check","key":"only","etag":"{{One}}"}]""")).Status.ShouldBe(204);
        (await subject.PostJsonAsync("/v1/batch",
            """[{"type":"check","key":"only","exists":true},{"type":"check","key":"only/no","exists":false}]""")).Status.ShouldBe(204);
        (await subject.PostJsonAsync("/v1/batch", """[{"type":"check","key":"only","exists":false}]"""))
            .ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.GetAsync("/v1/kv/only")).Text.ShouldBe("1");
    }

    [Fact]
    public async Task A_check_sees_the_database_as_it_was_before_the_batch()
    {
        await subject.PostJsonAsync("/v1/batch", """[{"type":"del","key":"before"}]""");
        const string PutFirst = """[{"type":"put","key":"before","value":"1"},{"type":"check","key":"before","exists":false}]""";
        (await subject.PostJsonAsync("/v1/batch", PutFirst)).Status.ShouldBe(204);
        (await subject.PostJsonAsync("/v1/batch", PutFirst)).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        (await subject.GetAsync("/v1/kv/before")).Text.ShouldBe("1");
    }

    [Fact]
    public async Task A_key_of_a_check_has_the_encoding_that_the_caller_chooses()
    {
        await subject.PutAsync("/v1/kv/00ff?keyEncoding=hex", "1");
        (await subject.PostJsonAsync("/v1/batch?keyEncoding=hex", $$"""[{"type":"check","key":"00ff","etag":"{{One}}"}]""")).Status
            .ShouldBe(204);
        (await subject.PostJsonAsync("/v1/batch?keyEncoding=base64", """[{"type":"check","key":"AP8=","exists":false}]"""))
            .ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED").ShouldContain("00ff");
    }

    [Theory]
    [InlineData("""{"type":"check","key":"a"}""")]
    [InlineData("""{"type":"check","key":"a","etag":"\"x\"","exists":true}""")]
    [InlineData("""{"type":"check","key":"a","exists":true,"value":"1"}""")]
    [InlineData("""{"type":"check","exists":true}""")]
    [InlineData("""{"type":"check","key":"a","exists":"true"}""")]
    [InlineData("""{"type":"check","key":"a","exists":null}""")]
    [InlineData("""{"type":"check","key":"a","exists":1}""")]
    [InlineData("""{"type":"check","key":"a","etag":null}""")]
    [InlineData("""{"type":"check","key":"a","etag":true}""")]
    [InlineData("""{"type":"check","key":"a","etag":""}""")]
    [InlineData("""{"type":"check","key":"a","etag":"x"}""")]
    [InlineData("""{"type":"check","key":"a","etag":"*"}""")]
    [InlineData("""{"type":"check","key":"a","etag":"W/\"x\""}""")]
    [InlineData("""{"type":"check","key":"a","etag":"\"x\",\"y\""}""")]
    [InlineData("""{"type":"put","key":"a","value":"1","etag":"\"x\""}""")]
    [InlineData("""{"type":"put","key":"a","value":"1","exists":false}""")]
    [InlineData("""{"type":"del","key":"a","exists":true}""")]
    [InlineData("""{"type":"Check","key":"a","exists":true}""")]
    public async Task A_malformed_check_is_an_invalid_batch(string operation) =>
        (await subject.PostJsonAsync("/v1/batch", $"[{operation}]")).ShouldBeProblem(400, "LEVEL_INVALID_BATCH");

    [Theory]
    [InlineData("""{"type":"check","key":"a","exists":true,"exists":true}""", "exists")]
    [InlineData("""{"type":"check","key":"a","etag":"\"x\"","etag":"\"x\""}""", "etag")]
    [InlineData("""{"type":"check","key":"a","exist":true}""", "exist")]
    public async Task Unknown_and_doubled_members_of_a_check_are_refused_and_named(string operation, string member) =>
        (await subject.PostJsonAsync("/v1/batch", $"[{operation}]")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST")
            .ShouldContain($"'{member}'");

    [Fact]
    public async Task A_check_of_a_key_that_no_write_may_touch_is_refused()
    {
        (await subject.PostJsonAsync("/v1/batch?keyEncoding=hex", """[{"type":"check","key":"ffff7261766500","exists":false}]"""))
            .ShouldBeProblem(400, "LEVEL_INVALID_KEY");
        string tooLong = new('k', (64 << 10) + 1);
        (await subject.PostJsonAsync("/v1/batch", $$"""[{"type":"check","key":"{{tooLong}}","exists":false}]"""))
            .ShouldBeProblem(413, "LEVEL_TOO_LARGE");
        (await subject.PutAsync("/v1/kv/ffff7261766500?keyEncoding=hex", "1", ("If-None-Match", "*")))
            .ShouldBeProblem(400, "LEVEL_INVALID_KEY");
    }

    [Fact]
    public async Task Batch_accepts_checks()
    {
        await subject.AskAsync("PUT /v1/kv/mc/a", "1");
        (await subject.AskJsonAsync("POST /v1/batch", $$"""
            [{"type":"check","key":"mc/a","etag":"{{Tags.Of("1").InJson()}}"},
            {"type":"check","key":"mc/b","exists":false},{"type":"put","key":"mc/b","value":"2"}]
            """)).Status.ShouldBe(204);
        (await subject.AskAsync("GET /v1/kv/mc/b")).Body.ShouldBe("2");
    }
}
