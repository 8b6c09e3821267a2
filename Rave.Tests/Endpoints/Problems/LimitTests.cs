using System.Net.Sockets;
using System.Text;
using Rave.Tests.Etcd;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

public abstract class LimitTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : LimitTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : LimitTests(gateway), IClassFixture<SharedGateway>
    {
        [Differs(Differences.Value)]
        public override async Task A_value_of_64_mib_is_accepted_and_one_byte_more_is_413()
        {
            byte[] value = new byte[1 << 20];
            new Random(1).NextBytes(value);
            (await gateway.PutAsync("/v1/kv/huge", value)).Status.ShouldBe(204);
            (await gateway.GetAsync("/v1/kv/huge")).Bytes.AsSpan().SequenceEqual(value).ShouldBeTrue();
            (await gateway.PutAsync("/v1/kv/huge", new byte[(1 << 20) + 1])).ShouldBeProblem(413, "LEVEL_TOO_LARGE")
                .ShouldContain("1048576");
            (await gateway.PutAsync("/v1/kv/huge", new byte[ValueBytes])).ShouldBeProblem(413, "LEVEL_TOO_LARGE");
            // Twice as long as the value, and more than etcd takes.
            string put = HttpSubject.Put("61", Convert.ToHexStringLower(value));
            (await gateway.PostJsonAsync("/v1/batch?keyEncoding=hex&valueEncoding=hex", $"[{put}]")).Status.ShouldBe(204);
            (await gateway.DeleteAsync("/v1/kv/huge")).Status.ShouldBe(204);
            (await gateway.DeleteAsync("/v1/kv/a")).Status.ShouldBe(204);
        }

        [Differs(Differences.Batch)]
        public override async Task A_batch_holds_a_million_operations_and_no_more()
        {
            string[] operations = [.. Enumerable.Range(0, 126).Select(i => HttpSubject.Put($"m{i}", ""))];
            (await gateway.PostJsonAsync("/v1/batch", $"[{string.Join(',', operations[1..])}]")).Status.ShouldBe(204);
            (await gateway.PostJsonAsync("/v1/batch", $"[{string.Join(',', operations)}]")).ShouldBeProblem(413, "LEVEL_TOO_LARGE")
                .ShouldContain("125 operations");
            string put = HttpSubject.Put("m", new('x', 1 << 20));
            (await gateway.PostJsonAsync("/v1/batch", $"[{put},{put}]")).ShouldBeProblem(413, "LEVEL_TOO_LARGE")
                .ShouldContain("1572864 bytes");
            string keys = string.Concat(Enumerable.Repeat("\"m\",", 1_000_000));
            (await gateway.PostJsonAsync("/v1/has-many", $$"""{"keys":[{{keys}}"m"]}""")).ShouldBeProblem(413, "LEVEL_TOO_LARGE");
        }
    }

    private const int KeyBytes = 64 << 10;
    private const int ValueBytes = 64 << 20;
    private const int BodyBytes = 128 << 20;

    [Fact]
    public async Task A_key_of_64_kib_works_in_every_request()
    {
        byte[] key = new byte[KeyBytes];
        new Random(1).NextBytes(key);
        key[0] = 1;
        string hex = Convert.ToHexStringLower(key);
        (await subject.PutAsync($"/v1/kv/{hex}?keyEncoding=hex", "long")).Status.ShouldBe(204);
        (await subject.GetAsync($"/v1/kv/{hex}?keyEncoding=hex")).Text.ShouldBe("long");
        (await subject.PostJsonAsync("/v1/get-many?keyEncoding=hex", $$"""{"keys":["{{hex}}"]}""")).Text.ShouldContain("long");
        (await subject.PostJsonAsync("/v1/has-many?keyEncoding=hex", $$"""{"keys":["{{hex}}"]}""")).Text.ShouldBe("""{"found":[true]}""");
        (await subject.PostJsonAsync("/v1/batch?keyEncoding=hex",
            $$"""[{"type":"put","key":"{{hex}}","value":"x"},{"type":"put","key":"ff","value":""}]""")).Status.ShouldBe(204);
        Answer page = await subject.GetAsync($"/v1/entries?gte={hex}&gt={hex}&lte=ff&lt=ff&prefix=&pageSize=1&keyEncoding=hex");
        page.Keys.ShouldBe(hex);
        (await subject.GetAsync($"/v1/entries?continuation={page.Continuation}&pageSize=1&keyEncoding=hex&limit")).Status.ShouldBe(400);
        string next = $"/v1/entries?continuation={page.Continuation}&values=true&pageSize=1&reverse=false&keyEncoding=hex";
        (await subject.GetAsync(next)).Status.ShouldBe(200);
        (await subject.DeleteAsync($"/v1/kv/{hex}?keyEncoding=hex")).Status.ShouldBe(204);
        // Percent-escapes use three characters per byte, and also fit in the request line.
        string escaped = string.Concat(Enumerable.Repeat("%41", KeyBytes));
        (await subject.PutAsync($"/v1/kv/{escaped}", "text")).Status.ShouldBe(204);
        (await subject.GetAsync($"/v1/entries?gte={escaped}&keyEncoding=utf8&values=false&limit=1")).Keys
            .ShouldBe(new string('A', KeyBytes));
        (await subject.DeleteAsync($"/v1/entries?gte={escaped}&lte={escaped}")).Status.ShouldBe(204);
    }

    [Fact]
    public async Task A_longer_key_is_413_everywhere()
    {
        string key = new('k', KeyBytes + 1);
        Answer[] refused =
        [
            await subject.PutAsync($"/v1/kv/{key}", "x"),
            await subject.GetAsync($"/v1/kv/{key}"),
            await subject.DeleteAsync($"/v1/kv/{key}"),
            await subject.PostJsonAsync("/v1/get-many", $$"""{"keys":["{{key}}"]}"""),
            await subject.PostJsonAsync("/v1/has-many", $$"""{"keys":["{{key}}"]}"""),
            await subject.PostJsonAsync("/v1/batch", $$"""[{"type":"put","key":"{{key}}","value":""}]"""),
            await subject.PostJsonAsync("/v1/batch", $$"""[{"type":"del","key":"{{key}}"}]"""),
        ];
        foreach (Answer answer in refused)
        {
            answer.ShouldBeProblem(413, "LEVEL_TOO_LARGE").ShouldContain("65536");
        }
    }

    [Fact]
    public virtual async Task A_value_of_64_mib_is_accepted_and_one_byte_more_is_413()
    {
        byte[] value = new byte[ValueBytes];
        Random random = new(1);
        random.NextBytes(value.AsSpan(0, 1 << 20));
        random.NextBytes(value.AsSpan(ValueBytes - (1 << 20)));
        (await subject.PutAsync("/v1/kv/huge", value)).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/kv/huge")).Bytes.AsSpan().SequenceEqual(value).ShouldBeTrue();
        (await subject.GetAsync("/v1/entries?prefix=huge&valueEncoding=base64")).Entries.Single().GetProperty("value").GetBytesFromBase64()
            .AsSpan().SequenceEqual(value).ShouldBeTrue();
        (await subject.PutAsync("/v1/kv/huge", new byte[ValueBytes + 1])).ShouldBeProblem(413, "LEVEL_TOO_LARGE").ShouldContain("67108864");
        (await subject.SendAsync("HEAD", "/v1/kv/huge")).Headers["Content-Length"].ShouldBe([$"{ValueBytes}"]);
        (await subject.DeleteAsync("/v1/kv/huge")).Status.ShouldBe(204);
    }

    [Theory]
    [InlineData("PUT", "/v1/kv/body")]
    [InlineData("POST", "/v1/batch")]
    [InlineData("POST", "/v1/get-many")]
    public async Task A_declared_length_above_the_limit_is_413_before_the_body_is_sent(string method, string target)
    {
        string request = $"{method} {target} HTTP/1.1\r\nHost: rave\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {BodyBytes + 1}\r\n\r\n";
        RawResponse refused = await RawHttp.SendAsync(subject.SocketPath, request);
        refused.Status.ShouldBe(413);
        refused.Head.ShouldContain("application/problem+json");
        refused.Body.ShouldContain("LEVEL_TOO_LARGE");
    }

    [Fact]
    public async Task A_request_line_above_the_limit_gets_only_a_status()
    {
        RawResponse refused = await RawHttp.SendAsync(subject.SocketPath, "GET", "/v1/kv/" + new string('a', 1 << 20));
        refused.Status.ShouldBe(414);
        (await subject.GetAsync("/healthz")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_get_many_answers_at_most_128_mib()
    {
        await subject.PutAsync("/v1/kv/big", new byte[1 << 20]);
        string keys = string.Join(',', Enumerable.Repeat("\"big\"", 128));
        (await subject.PostJsonAsync("/v1/get-many?valueEncoding=base64", $$"""{"keys":[{{keys}}]}"""))
            .ShouldBeProblem(413, "LEVEL_TOO_LARGE");
        (await subject.PostJsonAsync("/v1/has-many", $$"""{"keys":[{{keys}}]}""")).Status.ShouldBe(200);
        await subject.DeleteAsync("/v1/kv/big");
    }

    [Fact]
    public virtual async Task A_batch_holds_a_million_operations_and_no_more()
    {
        const string Operation = """{"type":"del","key":"m"}""";
        StringBuilder body = new("[" + Operation);
        body.Insert(body.Length, "," + Operation, 999_999);
        (await subject.PostJsonAsync("/v1/batch", body + "]")).Status.ShouldBe(204);
        body.Append(',').Append(Operation);
        (await subject.PostJsonAsync("/v1/batch", body + "]")).ShouldBeProblem(413, "LEVEL_TOO_LARGE").ShouldContain("1000000");
        string keys = string.Concat(Enumerable.Repeat("\"m\",", 1_000_000));
        (await subject.PostJsonAsync("/v1/has-many", $$"""{"keys":[{{keys}}"m"]}""")).ShouldBeProblem(413, "LEVEL_TOO_LARGE");
    }

    [Fact]
    public async Task A_client_that_disconnects_during_a_body_writes_nothing()
    {
        using (Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(subject.SocketPath));
            await socket.SendAsync("PUT /v1/kv/half HTTP/1.1\r\nHost: rave\r\nContent-Length: 100\r\n\r\nhalf"u8.ToArray());
        }

        (await subject.GetAsync("/v1/kv/half")).Status.ShouldBe(404);
        (await subject.GetAsync("/healthz")).Status.ShouldBe(200);
    }
}
