using System.Text;

namespace Rave.Tests.Endpoints;

public abstract class BatchRefusalTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : BatchRefusalTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : BatchRefusalTests(gateway), IClassFixture<SharedGateway>;

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("\"put\"")]
    [InlineData("1")]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("[[]]")]
    [InlineData("[{}]")]
    [InlineData("""[{"type":"put"}]""")]
    [InlineData("""[{"type":"del"}]""")]
    [InlineData("""[{"key":"a","value":"1"}]""")]
    [InlineData("""[{"type":"put","key":"a"}]""")]
    [InlineData("""[{"type":"del","key":"a","value":""}]""")]
    [InlineData("""[{"type":"PUT","key":"a","value":"1"}]""")]
    [InlineData("""[{"type":"update","key":"a","value":"1"}]""")]
    [InlineData("""[{"type":null,"key":"a","value":"1"}]""")]
    [InlineData("""[{"type":["put"],"key":"a","value":"1"}]""")]
    public async Task A_body_without_a_list_of_operations_is_an_invalid_batch(string body) =>
        (await subject.PostJsonAsync("/v1/batch", body)).ShouldBeProblem(400, "LEVEL_INVALID_BATCH");

    [Theory]
    [InlineData("""[{"type":"put","type":"put","key":"a","value":"1"}]""", "type")]
    [InlineData("""[{"type":"put","key":"a","key":"b","value":"1"}]""", "key")]
    [InlineData("""[{"type":"put","key":"a","value":"1","v\u0061lue":"2"}]""", "value")]
    [InlineData("""[{"type":"put","key":"a","vlaue":"1"}]""", "vlaue")]
    [InlineData("""[{"type":"put","Key":"a","value":"1"}]""", "Key")]
    [InlineData("""[{"type":"del","key":"a","sublevel":"x"}]""", "sublevel")]
    public async Task Unknown_and_doubled_members_are_refused_and_named(string body, string member) =>
        (await subject.PostJsonAsync("/v1/batch", body)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST").ShouldContain($"'{member}'");

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("[")]
    [InlineData("[]]")]
    [InlineData("[] []")]
    [InlineData("[],")]
    [InlineData("[]x")]
    [InlineData("[,]")]
    [InlineData("""[{"type":"put","key":"a","value":"1"},]""")]
    [InlineData("""[{"type":"put","key":"a","value":"1"}]garbage""")]
    [InlineData("""[{"type":"put","key":"a","value":"1"}""")]
    [InlineData("""[{"type":"put","key":"a","value":"1",}]""")]
    [InlineData("[{'type':'put'}]")]
    [InlineData("[] // done")]
    [InlineData("\ufeff[]")]
    [InlineData("""[{"\ud800":"put"}]""")]
    [InlineData("""[{"type":"\ud800"}]""")]
    public async Task Malformed_json_is_refused(string body) =>
        (await subject.PostJsonAsync("/v1/batch", body)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");

    [Theory]
    [InlineData("""[{"type":"del","key":1}]""", "LEVEL_INVALID_KEY")]
    [InlineData("""[{"type":"del","key":null}]""", "LEVEL_INVALID_KEY")]
    [InlineData("""[{"type":"del","key":"\udc00"}]""", "LEVEL_INVALID_KEY")]
    [InlineData("""[{"type":"put","key":"a","value":1}]""", "LEVEL_INVALID_VALUE")]
    [InlineData("""[{"type":"put","key":"a","value":{"a":1}}]""", "LEVEL_INVALID_VALUE")]
    [InlineData("""[{"type":"put","key":"a","value":null}]""", "LEVEL_INVALID_VALUE")]
    [InlineData("""[{"type":"put","key":"a","value":"\ud800"}]""", "LEVEL_INVALID_VALUE")]
    public async Task Keys_and_values_are_strings(string body, string code) =>
        (await subject.PostJsonAsync("/v1/batch", body)).ShouldBeProblem(400, code);

    [Theory]
    [InlineData("hex", "0")]
    [InlineData("hex", "AB")]
    [InlineData("base64", "YR==")]
    [InlineData("base64", "YQ")]
    [InlineData("base64", "YQ==\\n")]
    [InlineData("base64url", "YQ==")]
    [InlineData("base64url", "YR")]
    public async Task Text_that_is_not_the_canonical_spelling_is_refused(string encoding, string text)
    {
        (await subject.PostJsonAsync($"/v1/batch?keyEncoding={encoding}", $$"""[{"type":"del","key":"{{text}}"}]"""))
            .ShouldBeProblem(400, "LEVEL_INVALID_KEY").ShouldContain(encoding);
        (await subject.PostJsonAsync($"/v1/batch?valueEncoding={encoding}", $$"""[{"type":"put","key":"a","value":"{{text}}"}]"""))
            .ShouldBeProblem(400, "LEVEL_INVALID_VALUE").ShouldContain(encoding);
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_refused()
    {
        byte[] before = [.. """[{"type":"put","key":"a","value":"""u8];
        byte[] text = [.. before, (byte)'"', 0xff, .. "\"}]"u8];
        (await subject.PostJsonAsync("/v1/batch", text)).ShouldBeProblem(400, "LEVEL_INVALID_VALUE");
        (await subject.PostJsonAsync("/v1/batch?valueEncoding=json", text)).ShouldBeProblem(400, "LEVEL_INVALID_VALUE");
        byte[] member = [.. before, .. "{\""u8, 0xff, .. "\":1}}]"u8];
        (await subject.PostJsonAsync("/v1/batch?valueEncoding=json", member)).ShouldBeProblem(400, "LEVEL_INVALID_VALUE");
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("[{\"key\":")]
    public async Task Deep_nesting_is_refused_quickly(string opening)
    {
        byte[] body = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(opening, 200_000)));
        (await subject.PostJsonAsync("/v1/batch", body)).Status.ShouldBe(400);
        (await subject.PostJsonAsync("/v1/batch?valueEncoding=json", body)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task The_invalid_operation_is_named()
    {
        string detail = (await subject.PostJsonAsync("/v1/batch", """[{"type":"del","key":"a"},{"type":"put","key":"a"}]"""))
            .ShouldBeProblem(400, "LEVEL_INVALID_BATCH");
        detail.ShouldContain("Operation 1");
    }

    [Theory]
    [InlineData("get-many", """{"keys":[],"kyes":[]}""", "kyes")]
    [InlineData("get-many", """{"keys":[],"keys":[]}""", "keys")]
    [InlineData("has-many", """{"keys":[],"more":1}""", "more")]
    [InlineData("batch", """[{"type":"del","key":"a","if":1}]""", "if")]
    [InlineData("batch", """[{"type":"del","key":"a","key":"b"}]""", "key")]
    public async Task An_unknown_or_duplicate_member_is_refused_and_named(string route, string json, string member) =>
        (await subject.AskJsonAsync($"POST /v1/{route}", json)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST").ShouldContain($"'{member}'");
}
