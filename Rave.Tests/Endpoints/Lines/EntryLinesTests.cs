using System.Net.Sockets;
using System.Text;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

// GET /v1/entries as lines: the whole range, from one snapshot, no paging.
public abstract class EntryLinesTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : EntryLinesTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : EntryLinesTests(gateway), IClassFixture<SharedGateway>;

    private static readonly (string Name, string Value) Lines = ("Accept", "application/x-ndjson");

    [Fact]
    public async Task A_range_is_streamed_an_entry_a_line()
    {
        await subject.FillAsync("line/a", "line/b", "line/c");
        Answer answer = await subject.GetAsync("/v1/entries?prefix=line/", Lines);
        answer.Status.ShouldBe(200);
        answer.MediaType.ShouldBe("application/x-ndjson");
        answer.Text.ShouldBe("{\"key\":\"line/a\",\"value\":\"line/a\"}\n{\"key\":\"line/b\",\"value\":\"line/b\"}\n"
            + "{\"key\":\"line/c\",\"value\":\"line/c\"}\n");
        (await subject.GetAsync("/v1/entries?prefix=none/", Lines)).Text.ShouldBe("");
    }

    [Theory]
    [InlineData("reverse=true&values=false", "{\"key\":\"param/c\"}\n{\"key\":\"param/b\"}\n{\"key\":\"param/a\"}\n")]
    [InlineData("limit=1", "{\"key\":\"param/a\",\"value\":\"param/a\"}\n")]
    [InlineData("limit=0", "")]
    [InlineData("gt=param/a&lt=param/c&keys=false", "{\"value\":\"param/b\"}\n")]
    [InlineData("keys=false&values=false", "{}\n{}\n{}\n")]
    [InlineData("limit=1&keyEncoding=utf8&valueEncoding=hex", "{\"key\":\"param/a\",\"value\":\"706172616d2f61\"}\n")]
    public async Task The_parameters_of_a_page_apply(string query, string lines)
    {
        await subject.FillAsync("param/a", "param/b", "param/c");
        (await subject.GetAsync("/v1/entries?prefix=param/&" + query, Lines)).Text.ShouldBe(lines);
    }

    [Fact]
    public async Task A_line_has_an_etag_if_requested()
    {
        await subject.FillAsync("tagged");
        (await subject.GetAsync("/v1/entries?prefix=tagged&values=false&etags=true", Lines)).Json.GetProperty("etag").GetString()
            .ShouldBe(Tags.Of("tagged"));
    }

    [Fact]
    public async Task Json_values_are_on_one_line()
    {
        await subject.PutAsync("/v1/kv/json/a", "{\r\n  \"a\": [1,\n 2]\n}");
        await subject.PutAsync("/v1/kv/json/b", "{ \"b\" : 1.50 }");
        await subject.PutAsync("/v1/kv/json/c", """
            { "half a pair": "\uD800 \" \\", "one": 1,
              "one": 1e400 }
            """);
        (await subject.GetAsync("/v1/entries?prefix=json/&valueEncoding=json", Lines)).Text
            .ShouldBe("""
                {"key":"json/a","value":{"a":[1,2]}}
                {"key":"json/b","value":{ "b" : 1.50 }}
                {"key":"json/c","value":{"half a pair":"\uD800 \" \\","one":1,"one":1e400}}

                """);
    }

    [Fact]
    public async Task Lines_have_no_pages_at_any_size()
    {
        await subject.FillAsync("paged/a", "paged/b", "paged/c");
        (await subject.GetAsync("/v1/entries?prefix=paged/&pageSize=1", Lines)).Text.Count('\n').ShouldBe(3);
        (await subject.GetAsync("/v1/entries?pageSize=0", Lines)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST").ShouldContain("pageSize");
        (await subject.GetAsync("/v1/entries?limt=10", Lines)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST").ShouldContain("limt");
    }

    [Fact]
    public async Task A_continuation_continues_after_a_page()
    {
        await subject.FillAsync("on/a", "on/b", "on/c", "on/d");
        string? token = (await subject.GetAsync("/v1/entries?prefix=on/&pageSize=1&limit=3&values=false")).Continuation;
        (await subject.GetAsync("/v1/entries?continuation=" + token, Lines)).Text.ShouldBe("{\"key\":\"on/b\"}\n{\"key\":\"on/c\"}\n");
    }

    [Fact]
    public async Task A_snapshot_is_read_and_one_that_is_not_open_is_410()
    {
        await subject.FillAsync("held/a");
        string id = (await subject.SendAsync("POST", "/v1/snapshots")).Json.GetProperty("id").GetString()!;
        await subject.FillAsync("held/b");
        (await subject.GetAsync($"/v1/entries?prefix=held/&keys=false&snapshot={id}", Lines)).Text.ShouldBe("{\"value\":\"held/a\"}\n");
        (await subject.GetAsync("/v1/entries?snapshot=none", Lines)).ShouldBeProblem(410, "LEVEL_SNAPSHOT_NOT_OPEN");
    }

    [Fact]
    public async Task A_failure_before_the_first_bytes_is_a_problem_and_a_later_one_cuts_the_stream()
    {
        await subject.PutAsync("/v1/kv/odd/9", [0xff]);
        (await subject.GetAsync("/v1/entries?prefix=odd/", Lines)).ShouldBeProblem(422, "LEVEL_DECODE_ERROR").ShouldContain("base64");
        string text = new('x', 100_000);
        for (int i = 0; i < 8; i++)
        {
            await subject.PutAsync($"/v1/kv/odd/{i}", text);
        }

        await Should.ThrowAsync<HttpRequestException>(subject.GetAsync("/v1/entries?prefix=odd/", Lines));
        RawResponse cut = await RawHttp.SendAsync(subject.SocketPath, "GET", "/v1/entries?prefix=odd/", "Accept: application/x-ndjson");
        cut.Status.ShouldBe(200);
        cut.Body.ShouldNotEndWith("0\r\n\r\n");
        (await subject.GetAsync("/v1/entries?prefix=odd/&valueEncoding=base64", Lines)).Text.Count(character => character == '\n')
            .ShouldBe(9);
    }

    [Fact]
    public async Task A_stream_shows_one_state_while_others_write()
    {
        await using HttpSubject own = await subject.AnotherAsync();
        // Far more than the buffers of the sockets.
        const int Count = 400;
        for (int i = 0; i < Count; i++)
        {
            await own.PutAsync($"/v1/kv/{i:d3}", new string('v', 20_000));
        }

        using HttpClient http = LiveLeader.Client(own.SocketPath);
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/entries") { Headers = { { Lines.Name, Lines.Value } } };
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        (await own.DeleteAsync("/v1/entries?all=true")).Status.ShouldBe(204);
        await own.FillAsync("0000", "zzz");
        (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(Enumerable.Range(0, Count).Select(i => $$"""{"key":"{{i:d3}}","value":"{{new string('v', 20_000)}}"}"""));
    }

    [Fact]
    public async Task A_stream_that_nobody_reads_ends_with_its_leader()
    {
        await using LiveLeader stopping = await LiveLeader.StartAsync();
        for (int i = 0; i < 8; i++)
        {
            await stopping.PutAsync($"/v1/kv/{i}", new string('v', 1 << 20));
        }

        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(stopping.SocketPath)).Soon();
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /v1/entries HTTP/1.1\r\nHost: rave\r\nAccept: application/x-ndjson\r\n\r\n"));
        byte[] buffer = new byte[1 << 16];
        (await socket.ReceiveAsync(buffer).Soon()).ShouldBePositive();
        (await stopping.Process.TerminateAsync()).ShouldBe(0);
        (await stopping.Process.Errors).ShouldBeEmpty();
        long received = 0;
        int read;
        while ((read = await ReceiveAsync(socket, buffer)) > 0)
        {
            received += read;
        }

        received.ShouldBeLessThan(8 << 20);
    }

    [Fact]
    public async Task Accept_ndjson_streams_the_whole_range_an_entry_a_line()
    {
        await subject.FillAsync("st/out/1", "st/out/2");
        WireAnswer lines = await subject.AskAsync("GET /v1/entries?prefix=st/out/", null, HttpSubject.Lines);
        lines.Status.ShouldBe(200);
        lines.Header("Content-Type").ShouldBe("application/x-ndjson");
        lines.Body.ShouldBe("{\"key\":\"st/out/1\",\"value\":\"st/out/1\"}\n{\"key\":\"st/out/2\",\"value\":\"st/out/2\"}\n");
        lines.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public async Task A_json_value_is_written_on_one_line()
    {
        await subject.AskAsync("PUT /v1/kv/st/json", "{\n  \"a\": \"b c\"\n}");
        (await subject.AskAsync("GET /v1/entries?prefix=st/json&valueEncoding=json", null, HttpSubject.Lines)).Body
            .ShouldBe("{\"key\":\"st/json\",\"value\":{\"a\":\"b c\"}}\n");
    }

    [Fact]
    public async Task A_stream_that_could_not_be_finished_is_cut()
    {
        await subject.AskAsync("PUT /v1/kv/st/cut/1", "good");
        await subject.AskAsync("PUT /v1/kv/st/cut/2", "\u00ff");
        WireAnswer cut = await subject.AskAsync("GET /v1/entries?prefix=st/cut/", null, HttpSubject.Lines);
        (cut is { Status: 200, IsWhole: true }).ShouldBeFalse("a short answer never looks complete");
    }

    // Nothing at the end, which a cut connection may also announce as a reset.
    private static async Task<int> ReceiveAsync(Socket socket, byte[] buffer)
    {
        try
        {
            return await socket.ReceiveAsync(buffer).Soon();
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
