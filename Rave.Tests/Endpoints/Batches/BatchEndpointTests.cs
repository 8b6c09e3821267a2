using Rave.Tests.Etcd;

namespace Rave.Tests.Endpoints;

public abstract class BatchEndpointTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : BatchEndpointTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : BatchEndpointTests(gateway), IClassFixture<SharedGateway>
    {
        [Differs(Differences.Batch)]
        public override async Task A_large_batch_is_applied_as_one()
        {
            string[] operations = [.. Enumerable.Range(0, 125).Select(i => HttpSubject.Put($"bulk/{i:d6}", $"{i}"))];
            (await gateway.PostJsonAsync("/v1/batch", $"[{string.Join(',', operations)},{operations[0]}]"))
                .ShouldBeProblem(413, "LEVEL_TOO_LARGE");
            (await gateway.GetAsync("/v1/count?prefix=bulk/")).Text.ShouldBe("""{"count":0}""");
            (await gateway.PostJsonAsync("/v1/batch", $"[{string.Join(',', operations)}]")).Status.ShouldBe(204);
            (await gateway.GetAsync("/v1/count?prefix=bulk/")).Text.ShouldBe("""{"count":125}""");
        }
    }

    [Fact]
    public async Task Operations_are_applied_in_order()
    {
        await subject.FillAsync("order/a");
        const string Operations = """
            [
              {"type":"put","key":"order/b","value":"1"},
              {"type":"del","key":"order/a"},
              {"type":"put","key":"order/b","value":"2"},
              {"value":"3","type":"put","key":"order/c"},
              {"type":"del","key":"order/c"},
              {"key":"order/none","type":"del"}
            ]
            """;
        Answer answer = await subject.PostJsonAsync("/v1/batch?sync=true", Operations);
        answer.Status.ShouldBe(204);
        answer.Bytes.ShouldBeEmpty();
        (await subject.GetAsync("/v1/entries?prefix=order/")).Text
            .ShouldBe("""{"entries":[{"key":"order/b","value":"2"}],"continuation":null}""");
    }

    [Fact]
    public async Task An_empty_batch_changes_nothing() =>
        (await subject.PostJsonAsync("/v1/batch", " [ ] ")).Status.ShouldBe(204);

    [Theory]
    [InlineData("""{"type":"put","key":"all/b"}""")]
    [InlineData("""{"type":"putt","key":"all/b","value":""}""")]
    [InlineData("""{"type":"put","key":7,"value":""}""")]
    [InlineData("""{"type":"put","key":"all/b","value":"","ttl":1}""")]
    [InlineData("""{"type":"put","key":"all/b","value":"\ud800"}""")]
    [InlineData("{")]
    [InlineData("")]
    public async Task All_or_nothing_is_applied(string bad)
    {
        await subject.FillAsync("all/kept");
        string body = $$"""[{"type":"put","key":"all/a","value":"1"},{"type":"del","key":"all/kept"},{{bad}}]""";
        (await subject.PostJsonAsync("/v1/batch", body)).Status.ShouldBe(400);
        (await subject.GetAsync("/v1/entries?prefix=all/")).Keys.ShouldBe("all/kept");
    }

    [Theory]
    [InlineData("hex", "62ff", "00ff")]
    [InlineData("base64", "Yv8=", "AP8=")]
    [InlineData("base64url", "Yv8", "AP8")]
    public async Task Bytes_have_the_encoding_that_the_caller_chooses(string encoding, string key, string value)
    {
        string target = $"/v1/batch?keyEncoding={encoding}&valueEncoding={encoding}";
        (await subject.PostJsonAsync(target, $$"""[{"type":"put","key":"{{key}}","value":"{{value}}"}]""")).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/kv/62ff?keyEncoding=hex")).Bytes.ShouldBe([0x00, 0xff]);
        (await subject.PostJsonAsync(target, $$"""[{"type":"del","key":"{{key}}"}]""")).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/kv/62ff?keyEncoding=hex")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("-1.50e+3")]
    [InlineData("\"text\\u0041\"")]
    [InlineData("[1, {\"a\": [ ] }]")]
    [InlineData("{\"b\":1,\"a\":{\"type\":\"del\"}}")]
    public async Task A_json_value_is_stored_as_it_is_written(string value)
    {
        string body = $$"""[{"type":"put","value": {{value}} ,"key":"json/1"},{"type":"put","key":"json/2","value":{{value}}}]""";
        (await subject.PostJsonAsync("/v1/batch?valueEncoding=json", body)).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/kv/json/1")).Text.ShouldBe(value);
        (await subject.GetAsync("/v1/entries?gte=json/1&lte=json/2&keys=false&valueEncoding=json")).Text
            .ShouldBe($$"""{"entries":[{"value":{{value}}},{"value":{{value}}}],"continuation":null}""");
    }

    [Fact]
    public async Task A_json_value_may_be_as_deep_as_common_readers_allow()
    {
        string deep = new string('[', 61) + new string(']', 61);
        (await subject.PostJsonAsync("/v1/batch?valueEncoding=json", $$"""[{"type":"put","key":"deep","value":{{deep}}}]""")).Status
            .ShouldBe(204);
        (await subject.GetAsync("/v1/entries?gte=deep&lte=deep&valueEncoding=json")).Entries.Single().GetProperty("value").GetRawText()
            .ShouldBe(deep);
        foreach (int depth in (int[])[62, 63, 64, 100_000])
        {
            string deeper = new string('[', depth) + new string(']', depth);
            (await subject.PostJsonAsync("/v1/batch?valueEncoding=json", $$"""[{"type":"put","key":"deep","value":{{deeper}}}]""")).Status
                .ShouldBe(400);
        }

        (await subject.GetAsync("/v1/kv/deep")).Text.ShouldBe(deep);
    }

    [Fact]
    public async Task Escapes_in_keys_and_values_are_undone()
    {
        await subject.PostJsonAsync("/v1/batch", """[{"type":"put","key":"esc\/\u00e9\ud83d\ude00","value":"\"\\\b\f\n\r\t\u0000"}]""");
        (await subject.GetAsync("/v1/kv/esc/%C3%A9%F0%9F%98%80")).Bytes.ShouldBe("\"\\\b\f\n\r\t\0"u8.ToArray());
    }

    [Fact]
    public virtual async Task A_large_batch_is_applied_as_one()
    {
        string operations = string.Join(',',
            Enumerable.Range(0, 100_000).Select(i => $$"""{"type":"put","key":"bulk/{{i:d6}}","value":"{{i}}"}"""));
        (await subject.PostJsonAsync("/v1/batch", $"[{operations}]")).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/count?prefix=bulk/")).Text.ShouldBe("""{"count":100000}""");
        (await subject.DeleteAsync("/v1/entries?prefix=bulk/")).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/count?prefix=bulk/")).Text.ShouldBe("""{"count":0}""");
    }

    [Fact]
    public async Task Batch_is_204_and_applied_in_order()
    {
        (await subject.AskJsonAsync("POST /v1/batch?sync=true", """
            [{"type":"put","key":"mb/a","value":"1"},{"type":"put","key":"mb/b","value":"1"},
            {"type":"put","key":"mb/a","value":"2"},{"type":"del","key":"mb/b"}]
            """)).Status.ShouldBe(204);
        (await subject.AskAsync("GET /v1/entries?prefix=mb/")).Body.ShouldContain("""[{"key":"mb/a","value":"2"}]""");
    }

    [Theory]
    [InlineData("""{"type":"merge","key":"x"}""", 400)]
    [InlineData("""{"type":"put","key":"x"}""", 400)]
    [InlineData("""{"type":"check","key":"mb/none","exists":true}""", 412)]
    [InlineData("""{"type":"check","key":"mb/none","etag":"\"00\""}""", 412)]
    public async Task Batch_is_all_or_nothing(string bad, int status)
    {
        WireAnswer refused = await subject.AskJsonAsync("POST /v1/batch", $$"""[{"type":"put","key":"mb/never","value":"1"},{{bad}}]""");
        refused.ShouldBeProblem(status, status == 412 ? "LEVEL_PRECONDITION_FAILED" : "LEVEL_INVALID_BATCH");
        (await subject.AskAsync("GET /v1/kv/mb/never")).Status.ShouldBe(404);
    }
}
