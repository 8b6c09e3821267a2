using System.Net.Http.Headers;
using System.Text;

namespace Rave.Tests.Endpoints;

// JSON lines have several media types. Each one is accepted, and used in the answer.
public abstract class LineTypeTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : LineTypeTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : LineTypeTests(gateway), IClassFixture<SharedGateway>;

    public static TheoryData<string> Names { get; } =
        ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonl", "application/jsonlines",
            "application/x-jsonlines", "application/json-lines"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_media_type_of_lines_is_accepted_and_answered(string name)
    {
        foreach (string type in (string[])[name, name.ToUpperInvariant(), name + "; charset=utf-8"])
        {
            using ByteArrayContent lines = new(Encoding.UTF8.GetBytes($$"""{"key":"{{name}}","value":"1"}"""));
            lines.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            (await subject.SendAsync("POST", "/v1/entries", lines)).Text.ShouldBe("""{"written":1}""", type);
        }

        string target = $"/v1/entries?prefix={Uri.EscapeDataString(name)}&limit=1";
        foreach (string accept in (string[])[name, $"{name}, */*", $"text/html, {name};q=0.9, application/json;q=0.5"])
        {
            Answer answer = await subject.GetAsync(target, ("Accept", accept));
            answer.MediaType.ShouldBe(name, accept);
            answer.Text.ShouldBe($$"""{"key":"{{name}}","value":"1"}""" + "\n");
        }

        (await subject.GetAsync(target, ("Accept", $"{name};q=0.1, application/json"))).MediaType.ShouldBe("application/json");
    }

    [Fact]
    public async Task A_body_of_another_type_or_charset_is_415_and_names_the_type()
    {
        foreach (string type in (string[])["application/json", "text/plain", "application/jsonl; charset=latin1"])
        {
            using ByteArrayContent lines = new("{}"u8.ToArray());
            lines.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            (await subject.SendAsync("POST", "/v1/entries", lines)).ShouldBeProblem(415, "LEVEL_INVALID_REQUEST")
                .ShouldContain("application/x-ndjson");
        }
    }
}
