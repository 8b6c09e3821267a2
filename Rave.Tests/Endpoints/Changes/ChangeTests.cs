using System.Net.Sockets;
using System.Text.Json;
using System.Text;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

// GET /v1/changes, row by row.
public abstract partial class ChangeTests(HttpSubject subject) : IAsyncLifetime
{
    public sealed class OnLevelDb() : ChangeTests(new SharedLeader())
    {
        [Fact]
        public async Task A_subscriber_that_never_reads_slows_no_writer_and_takes_no_memory()
        {
            await using LiveLeader leader = await LiveLeader.StartAsync();
            using Socket silent = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await silent.ConnectAsync(new UnixDomainSocketEndPoint(leader.SocketPath)).Soon();
            await silent.SendAsync(Encoding.ASCII.GetBytes("GET /v1/changes?valueEncoding=base64 HTTP/1.1\r\nHost: rave\r\n\r\n"));
            (await silent.ReceiveAsync(new byte[4096]).Soon()).ShouldBePositive();
            byte[] value = new byte[1 << 20];
            long before = 0;
            for (int i = 0; i < 240; i++)
            {
                // One key, so that LevelDB's cache and files stay small. The first writes fill the memory that has a fixed size.
                before = i == 60 ? leader.Process.PrivateMemory() : before;
                (await leader.Http.PutAsync("/v1/kv/hot", new ByteArrayContent(value))).EnsureSuccessStatusCode();
            }

            (leader.Process.PrivateMemory() - before).ShouldBeLessThan(100 << 20);
            await using NetworkStream stream = new(silent);
            using StreamReader reader = new(stream, Encoding.Latin1);
            await ReadUntilAsync(reader, "event: gap");
            (await leader.PutAsync("/v1/kv/after", "the gap")).EnsureSuccessStatusCode();
            await ReadUntilAsync(reader, Convert.ToBase64String("the gap"u8));
        }
    }

    public ValueTask InitializeAsync() => subject.InitializeAsync();

    public ValueTask DisposeAsync() => subject.DisposeAsync();

    [Fact]
    public async Task The_feed_is_server_sent_events_and_begins_at_once()
    {
        await using EventStream feed = await OpenAsync();
        feed.Response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        feed.Response.Headers.CacheControl!.NoCache.ShouldBeTrue();
    }

    [Fact]
    public virtual async Task Puts_dels_and_clears_come_in_order_with_an_id_each()
    {
        await subject.FillAsync("before");
        await using EventStream feed = await OpenAsync();
        await subject.PutAsync("/v1/kv/a", "1");
        await subject.DeleteAsync("/v1/kv/none");
        await subject.PostJsonAsync("/v1/batch", """[{"type":"put","key":"b","value":"2"},{"type":"check","key":"a","exists":true},"""
            + """{"type":"del","key":"a"},{"type":"put","key":"c","value":"3"}]""");
        await subject.PostJsonAsync("/v1/batch", "[]");
        await subject.GetAsync("/healthz");
        await subject.DeleteAsync("/v1/entries?gte=b");
        List<ServerEvent> events = await feed.TakeAsync(6);
        subject.Told(events).ShouldBe(
        [
            """1.0 put {"key":"a","value":"1","last":true}""",
            """2.0 del {"key":"none","last":true}""",
            """3.0 put {"key":"b","value":"2"}""",
            """3.1 del {"key":"a"}""",
            """3.2 put {"key":"c","value":"3","last":true}""",
            """4.0 clear {"from":"b","to":"c","last":true}""",
        ]);
        long epoch = (await subject.GetAsync("/v1/status")).Json.GetProperty("leader").GetProperty("epoch").GetInt64();
        events.ShouldAllBe(next => next.Id == $"{epoch}-{next.Place}");
    }

    [Fact]
    public async Task A_refused_write_is_not_reported()
    {
        await using EventStream feed = await OpenAsync();
        (await subject.PutAsync("/v1/kv/a", "1", ("If-Match", "*"))).Status.ShouldBe(412);
        await subject.PutAsync("/v1/kv/b", "2");
        subject.Told(await feed.TakeAsync(1)).ShouldBe(["""1.0 put {"key":"b","value":"2","last":true}"""]);
    }

    [Fact]
    public virtual async Task A_clear_in_reverse_with_a_limit_is_the_range_that_it_emptied()
    {
        await subject.FillAsync("a", "b", "c", "d");
        await using EventStream feed = await OpenAsync();
        await subject.DeleteAsync("/v1/entries?lt=d&reverse=true&limit=2");
        (await feed.NextAsync())!.Data.ShouldBe("""{"from":"b","to":"c","last":true}""");
    }

    [Fact]
    public virtual async Task An_empty_clear_is_not_reported_and_a_long_one_is_reported_in_chunks()
    {
        await subject.FillAsync(Enumerable.Range(0, 20_001).Select(i => $"{i:d5}"));
        await using EventStream feed = await OpenAsync();
        await subject.DeleteAsync("/v1/entries?prefix=x");
        await subject.DeleteAsync("/v1/entries?all=true");
        subject.Told(await feed.TakeAsync(3)).ShouldBe(
        [
            """1.0 clear {"from":"00000","to":"09999","last":true}""",
            """2.0 clear {"from":"10000","to":"19999","last":true}""",
            """3.0 clear {"from":"20000","to":"20000","last":true}""",
        ]);
    }

    [Fact]
    public async Task A_clear_of_a_snapshot_is_reported_as_dels()
    {
        await subject.FillAsync("a", "c");
        string id = (await subject.SendAsync("POST", "/v1/snapshots")).Json.GetProperty("id").GetString()!;
        await subject.FillAsync("b");
        await using EventStream feed = await OpenAsync();
        await subject.DeleteAsync($"/v1/entries?all=true&snapshot={id}");
        subject.Told(await feed.TakeAsync(2))
            .ShouldBe(["""1.0 del {"key":"a"}""", """1.1 del {"key":"c","last":true}"""]);
    }

    [Theory]
    [InlineData("prefix=b", "b b1")]
    [InlineData("gt=b&lte=b1", "b1")]
    [InlineData("gte=b&lt=b1", "b")]
    [InlineData("gt=z&lt=a", "")]
    [InlineData("prefix=62&keyEncoding=hex", "62 6231")]
    public async Task A_range_filters_and_last_marks_the_last_reported_change(string query, string keys)
    {
        await using EventStream feed = await OpenAsync(query);
        await using EventStream all = await OpenAsync();
        await subject.FillAsync("a", "b", "b1", "c");
        await all.TakeAsync(4);
        string[] expected = keys.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        List<ServerEvent> events = await feed.TakeAsync(expected.Length);
        events.ConvertAll(next => Json(next).GetProperty("key").GetString()!).ShouldBe(expected);
        events.ConvertAll(next => Json(next).TryGetProperty("last", out _)).ShouldBe(expected.Select((_, i) => i == expected.Length - 1));
    }

    [Fact]
    public virtual async Task A_clear_is_reported_with_its_part_of_the_range()
    {
        await subject.FillAsync("a", "b", "c");
        await using EventStream within = await OpenAsync("gt=a&lt=b");
        await using EventStream beyond = await OpenAsync("gt=c");
        await subject.DeleteAsync("/v1/entries?all=true");
        await subject.FillAsync("d");
        (await within.NextAsync())!.Data.ShouldBe("""{"from":"a","to":"c","last":true}""");
        (await beyond.NextAsync())!.Data.ShouldContain("\"key\":\"d\"");
    }

    [Theory]
    [InlineData("values=false", """{"key":"a","last":true}""")]
    [InlineData("keyEncoding=base64&valueEncoding=hex", """{"key":"YQ==","value":"7b0d0a7d","last":true}""")]
    [InlineData("valueEncoding=json", """{"key":"a","value":{},"last":true}""")]
    [InlineData("", """{"key":"a","value":"{\r\n}","last":true}""")]
    public async Task Encodings_apply_and_values_may_be_omitted(string query, string data)
    {
        await using EventStream feed = await OpenAsync(query);
        await subject.PutAsync("/v1/kv/a", "{\r\n}");
        (await feed.NextAsync())!.Data.ShouldBe(data);
    }

    [Fact]
    public virtual async Task A_change_that_does_not_fit_the_encoding_cuts_the_stream_and_is_named_when_the_client_returns()
    {
        await using EventStream feed = await OpenAsync();
        await subject.PutAsync("/v1/kv/a", "1");
        await subject.PutAsync("/v1/kv/b", [0xff]);
        (await feed.NextAsync())!.Data.ShouldContain("\"a\"");
        await Should.ThrowAsync<IOException>(feed.NextAsync());
        string id = feed.LastEventId!;
        id.ShouldEndWith("-1.0");
        (await subject.GetAsync("/v1/changes", ("Last-Event-ID", id))).ShouldBeProblem(422, "LEVEL_DECODE_ERROR").ShouldContain("62 (hex)");
        await using EventStream again = await OpenAsync("valueEncoding=base64", id);
        (await again.NextAsync())!.ToString().ShouldBe("""2.0 put {"key":"b","value":"/w==","last":true}""");
    }

    [Fact]
    public async Task Unknown_parameters_are_refused()
    {
        foreach (string query in (string[])["limt=1", "limit=1", "reverse=true", "values=no", "snapshot=x"])
        {
            (await subject.GetAsync("/v1/changes?" + query)).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
        }
    }

    [Fact]
    public async Task Status_counts_the_subscribers_and_one_above_the_limit_is_429()
    {
        List<EventStream> feeds = [];
        for (int i = 0; i < 256; i++)
        {
            feeds.Add(await OpenAsync());
        }

        (await SubscribersAsync()).ShouldBe(256);
        (await subject.GetAsync("/v1/changes")).ShouldBeProblem(429, "LEVEL_TOO_MANY").ShouldContain("256");
        foreach (EventStream feed in feeds)
        {
            await feed.DisposeAsync();
        }

        await Waiting.UntilAsync("all are gone", async () => await SubscribersAsync() == 0);
        await using EventStream one = await OpenAsync();
    }

    private static async Task ReadUntilAsync(StreamReader reader, string words)
    {
        while (await reader.ReadLineAsync().Soon() is { } line)
        {
            if (line.Contains(words, StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new EndOfStreamException(words);
    }

    private static JsonElement Json(ServerEvent of) => JsonSerializer.Deserialize<JsonElement>(of.Data);

    private async Task<long> SubscribersAsync() =>
        (await subject.GetAsync("/v1/status")).Json.GetProperty("counters").GetProperty("subscribers").GetInt64();

    private Task<EventStream> OpenAsync(string query = "", string? lastEventId = null) =>
        EventStream.OpenAsync(subject.SocketPath, "/v1/changes?" + query, lastEventId);
}
