using System.Buffers.Text;
using System.Text.Json;

namespace Rave.Tests.Endpoints;

public abstract class EveryByteTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : EveryByteTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : EveryByteTests(gateway), IClassFixture<SharedGateway>;

    // Every path that can carry the key there and back; the value is the key's number.
    public static TheoryData<string> Encodings => ["utf8", "hex", "base64", "base64url"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Every_one_byte_key_works_in_a_path(string encoding)
    {
        for (int b = 0; b < 256; b++)
        {
            string text = Text(encoding, b);
            bool carried = encoding != "utf8" || b is > 0 and < 0x80 and not '.';
            string target = $"/v1/kv/{(encoding == "utf8" ? $"%{b:X2}" : Uri.EscapeDataString(text))}?keyEncoding={encoding}";
            (await subject.PutAsync(target, $"path {b}")).Status.ShouldBe(carried ? 204 : 400, target);
            if (carried)
            {
                (await subject.GetAsync(target)).Text.ShouldBe($"path {b}");
                (await subject.GetAsync($"/v1/kv/{b:x2}?keyEncoding=hex")).Text.ShouldBe($"path {b}");
                (await subject.DeleteAsync(target)).Status.ShouldBe(204);
                (await subject.GetAsync($"/v1/kv/{b:x2}?keyEncoding=hex")).Status.ShouldBe(404);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Every_one_byte_key_works_in_bodies_and_bounds(string encoding)
    {
        for (int b = 0; b < (encoding == "utf8" ? 0x80 : 256); b++)
        {
            string text = Text(encoding, b);
            string json = JsonSerializer.Serialize(text);
            (await subject.PostJsonAsync($"/v1/batch?keyEncoding={encoding}", $$"""[{"type":"put","key":{{json}},"value":"body {{b}}"}]"""))
                .Status.ShouldBe(204);
            (await subject.GetAsync($"/v1/kv/{b:x2}?keyEncoding=hex")).Text.ShouldBe($"body {b}");

            Answer many = await subject.PostJsonAsync($"/v1/get-many?keyEncoding={encoding}", $$"""{"keys":[{{json}}]}""");
            many.Entries.Single().GetProperty("key").GetString().ShouldBe(text);
            string bound = encoding == "utf8" ? $"%{b:X2}" : Uri.EscapeDataString(text);
            Answer page = await subject.GetAsync($"/v1/entries?gte={bound}&lte={bound}&keyEncoding={encoding}");
            page.Keys.ShouldBe(text);

            (await subject.DeleteAsync($"/v1/entries?gte={bound}&lte={bound}&keyEncoding={encoding}")).Status.ShouldBe(204);
            (await subject.PostJsonAsync($"/v1/has-many?keyEncoding={encoding}", $$"""{"keys":[{{json}}]}""")).Text
                .ShouldBe("""{"found":[false]}""");
        }
    }

    [Fact]
    public async Task All_one_byte_keys_are_in_the_order_of_their_bytes()
    {
        await using HttpSubject other = await subject.AnotherAsync();
        await other.BatchAsync(Enumerable.Range(0, 256).Reverse().Select(b => HttpSubject.Put($"{b:x2}", "")), "?keyEncoding=hex");
        string ascending = string.Join(' ', Enumerable.Range(0, 256).Select(b => $"{b:x2}"));
        (await other.GetAsync("/v1/entries?keyEncoding=hex")).Keys.ShouldBe(ascending);
        string descending = string.Join(' ', Enumerable.Range(0, 256).Reverse().Select(b => $"{b:x2}"));
        (await other.GetAsync("/v1/entries?keyEncoding=hex&reverse=true")).Keys.ShouldBe(descending);
    }

    private static string Text(string encoding, int b) => encoding switch
    {
        "hex" => $"{b:x2}",
        "base64" => Convert.ToBase64String([(byte)b]),
        "base64url" => Base64Url.EncodeToString([(byte)b]),
        _ => ((char)b).ToString(),
    };
}
