using System.Net.Sockets;
using System.Text;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

// POST /v1/entries: an entry a line, written as it arrives.
public abstract class BulkLoadTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : BulkLoadTests(leader), IClassFixture<SharedLeader>
    {
        [Fact]
        public async Task A_load_that_waits_for_its_client_ends_with_the_leader_and_says_how_many_lines_were_written()
        {
            await using LiveLeader stopping = await LiveLeader.StartAsync();
            string lines = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"{{\"key\":\"{i:d5}\",\"value\":\"\"}}\n"));
            using Socket socket = await BeginAsync(stopping.SocketPath, lines + "{\"key\":\"");
            await Waiting.UntilAsync("the first batch is written", async () => await CountAsync(stopping) == 10_000);
            (await stopping.Process.TerminateAsync()).ShouldBe(0);
            (await stopping.Process.Errors).ShouldBeEmpty();
            await using NetworkStream stream = new(socket);
            using StreamReader reader = new(stream, Encoding.Latin1);
            RawResponse refused = RawResponse.Parse(await reader.ReadToEndAsync().Soon());
            refused.Status.ShouldBe(500, "503 would say that nothing was executed");
            refused.Body.ShouldContain("\"written\":10000");
            refused.Body.ShouldNotContain("\"line\"");
        }
    }

    public sealed class OnEtcd(SharedGateway gateway) : BulkLoadTests(gateway), IClassFixture<SharedGateway>;

    [Fact]
    public async Task Lines_are_written_and_counted()
    {
        Answer loaded = await LoadAsync("/v1/entries", "{\"key\":\"load/a\",\"value\":\"1\"}\n{\"value\":\"2\",\"key\":\"load/b\"}\n");
        loaded.Status.ShouldBe(200);
        loaded.MediaType.ShouldBe("application/json");
        loaded.Text.ShouldBe("""{"written":2}""");
        (await subject.GetAsync("/v1/entries?prefix=load/")).Text
            .ShouldBe("""{"entries":[{"key":"load/a","value":"1"},{"key":"load/b","value":"2"}],"continuation":null}""");
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("\n\n", 0)]
    [InlineData(" \r\n\t\n", 0)]
    [InlineData("{\"key\":\"e\",\"value\":\"\"}", 1)]
    [InlineData("\r\n{\"key\":\"e\",\"value\":\"1\"}\r\n\r\n {\"key\":\"e\",\"value\":\"2\"} ", 2)]
    public async Task Empty_lines_are_skipped_and_the_last_needs_no_end(string body, int written) =>
        (await LoadAsync("/v1/entries", body)).Text.ShouldBe($$"""{"written":{{written}}}""");

    [Fact]
    public async Task Encodings_and_sync_apply()
    {
        (await LoadAsync("/v1/entries?keyEncoding=hex&valueEncoding=base64&sync=true", """{"key":"00ff","value":"AP8="}""")).Status
            .ShouldBe(200);
        (await subject.GetAsync("/v1/kv/00ff?keyEncoding=hex")).Bytes.ShouldBe([0x00, 0xff]);
        (await LoadAsync("/v1/entries?valueEncoding=json", """{"key":"load-json","value":{ "a": [1, 2] }}""")).Status.ShouldBe(200);
        (await subject.GetAsync("/v1/kv/load-json")).Text.ShouldBe("""{ "a": [1, 2] }""");
    }

    [Theory]
    [InlineData("not json", "LEVEL_INVALID_REQUEST", 400)]
    [InlineData("{\"key\":\"x\"}", "LEVEL_INVALID_REQUEST", 400)]
    [InlineData("{\"value\":\"x\"}", "LEVEL_INVALID_REQUEST", 400)]
    [InlineData("{\"key\":\"x\",\"value\":\"1\",\"value\":\"2\"}", "LEVEL_INVALID_REQUEST", 400)]
    [InlineData("{\"key\":\"x\",\"value\":\"1\",\"type\":\"put\"}", "LEVEL_INVALID_REQUEST", 400)]
    [InlineData("{\"key\":\"x\",\"value\":\"1\"} {}", "LEVEL_INVALID_REQUEST", 400)]
    [InlineData("[\"x\",\"1\"]", "LEVEL_INVALID_REQUEST", 400)]
    [InlineData("{\"key\":1,\"value\":\"1\"}", "LEVEL_INVALID_KEY", 400)]
    [InlineData("{\"key\":\"x\",\"value\":null}", "LEVEL_INVALID_VALUE", 400)]
    [InlineData("{\"key\":\"x\",\"value\":\"\\ud800\"}", "LEVEL_INVALID_VALUE", 400)]
    public async Task A_bad_line_is_refused_with_its_number_and_how_many_were_written(string line, string code, int status)
    {
        Answer refused = await LoadAsync("/v1/entries", "{\"key\":\"bad/a\",\"value\":\"1\"}\n\n{\"key\":\"bad/b\",\"value\":\"2\"}\n"
            + line + "\n{\"key\":\"bad/c\",\"value\":\"3\"}\n");
        string detail = refused.ShouldBeProblem(status, code);
        detail.ShouldContain("Line 4");
        detail.ShouldContain("2 lines");
        refused.Json.GetProperty("line").GetInt64().ShouldBe(4);
        refused.Json.GetProperty("written").GetInt64().ShouldBe(2);
        (await subject.GetAsync("/v1/entries?prefix=bad/")).Keys.ShouldBe("bad/a bad/b");
        await subject.DeleteAsync("/v1/entries?prefix=bad/");
    }

    [Fact]
    public async Task A_bad_line_after_many_others_says_how_many_were_written()
    {
        string good = string.Concat(Enumerable.Range(0, 25_000).Select(i => $"{{\"key\":\"far/{i:d5}\",\"value\":\"\"}}\n"));
        Answer refused = await LoadAsync("/v1/entries", good + "{");
        refused.ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
        refused.Json.GetProperty("line").GetInt64().ShouldBe(25_001);
        refused.Json.GetProperty("written").GetInt64().ShouldBe(25_000);
        (await subject.GetAsync("/v1/count?prefix=far/")).Text.ShouldBe("""{"count":25000}""");
    }

    [Fact]
    public async Task A_reserved_key_and_a_key_that_is_too_long_are_refused_with_their_line()
    {
        Answer reserved = await LoadAsync("/v1/entries?keyEncoding=hex", """{"key":"ffff7261766500","value":""}""");
        reserved.ShouldBeProblem(400, "LEVEL_INVALID_KEY");
        reserved.Json.GetProperty("line").GetInt64().ShouldBe(1);
        Answer tooLong = await LoadAsync("/v1/entries", $$"""{"key":"{{new string('k', (64 << 10) + 1)}}","value":""}""");
        tooLong.ShouldBeProblem(413, "LEVEL_TOO_LARGE");
        tooLong.Json.GetProperty("written").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task A_line_longer_than_128_mib_is_413()
    {
        byte[] body = new byte[(128 << 20) + 2];
        body.AsSpan().Fill((byte)'x');
        body[0] = (byte)'\n';
        Answer refused = await SendAsync("/v1/entries", new ByteArrayContent(body));
        refused.ShouldBeProblem(413, "LEVEL_TOO_LARGE").ShouldContain("134217728");
        refused.Json.GetProperty("line").GetInt64().ShouldBe(2);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("application/x-ndjson; charset=utf-16")]
    public async Task A_body_without_the_type_of_lines_is_415_that_names_the_type(string? contentType)
    {
        ByteArrayContent content = new("{\"key\":\"x\",\"value\":\"1\"}"u8.ToArray());
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        (await subject.SendAsync("POST", "/v1/entries", content)).ShouldBeProblem(415, "LEVEL_INVALID_REQUEST")
            .ShouldContain("application/x-ndjson");
    }

    [Fact]
    public async Task Parameters_without_effect_are_refused() =>
        (await LoadAsync("/v1/entries?prefix=a", "")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST").ShouldContain("prefix");

    [Fact]
    public async Task A_client_that_disconnects_during_a_line_writes_nothing_of_it()
    {
        using (Socket socket = await BeginAsync(subject.SocketPath, "{\"key\":\"half\",\"value\":\"1\"}"))
        {
        }

        (await subject.GetAsync("/healthz")).Status.ShouldBe(200);
        (await subject.GetAsync("/v1/kv/half")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Post_entries_loads_the_lines_of_a_streamed_range()
    {
        await subject.FillAsync("st/back/1", "st/back/2");
        const string encodings = "keyEncoding=base64&valueEncoding=base64";
        string backup = (await subject.AskAsync($"GET /v1/entries?prefix=c3QvYmFjay8=&{encodings}", null, HttpSubject.Lines)).Body;
        await subject.AskAsync("DELETE /v1/entries?prefix=st/back/");
        WireAnswer loaded = await subject.AskAsync($"POST /v1/entries?{encodings}", backup, HttpSubject.Ndjson);
        loaded.Status.ShouldBe(200);
        loaded.Body.ShouldBe("""{"written":2}""");
        (await subject.AskAsync("GET /v1/entries?prefix=st/back/")).Keys.ShouldBe("st/back/1 st/back/2");
    }

    [Fact]
    public async Task A_bad_line_is_400_with_its_number_and_how_many_before_it_were_written()
    {
        string lines = "{\"key\":\"st/bad/1\",\"value\":\"1\"}\n{\"key\":\"st/bad/2\",\"value\":\"2\"}\n{\"key\":7}\n";
        string detail = (await subject.AskAsync("POST /v1/entries", lines, HttpSubject.Ndjson)).ShouldBeProblem(400, "LEVEL_INVALID_KEY");
        detail.ShouldContain("3");
        detail.ShouldContain("2");
        (await subject.AskAsync("GET /v1/entries?prefix=st/bad/")).Keys.ShouldBe("st/bad/1 st/bad/2");
    }

    [Fact]
    public async Task A_bulk_load_refuses_an_idempotency_key()
    {
        string line = "{\"key\":\"st/key\",\"value\":\"1\"}\n";
        (await subject.AskAsync("POST /v1/entries", line, HttpSubject.Ndjson, "Idempotency-Key: 0123456789abcdef;1"))
            .ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
        (await subject.AskAsync("GET /v1/kv/st/key")).Status.ShouldBe(404);
    }

    private static async Task<long> CountAsync(LiveLeader of) => (await of.GetJsonAsync("/v1/count")).GetProperty("count").GetInt64();

    private static async Task<Socket> BeginAsync(string socketPath, string body)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath)).Soon();
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/entries HTTP/1.1\r\nHost: rave\r\nContent-Type: application/x-ndjson\r\n"
                + $"Content-Length: {body.Length + 100}\r\n\r\n{body}")).Soon();
        return socket;
    }

    private Task<Answer> LoadAsync(string target, string body) => SendAsync(target, new ByteArrayContent(Encoding.UTF8.GetBytes(body)));

    private Task<Answer> SendAsync(string target, ByteArrayContent content)
    {
        content.Headers.ContentType = new("application/x-ndjson");
        return subject.SendAsync("POST", target, content);
    }
}
