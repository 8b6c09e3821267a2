using System.Net;
using System.Net.Sockets;
using Rave.Tests.Harness;

namespace Rave.Tests.Transport;

// RFC 9112 for a client of one peer: where an answer ends, and whether its connection is reused.
public sealed class SocketHandlerTests
{
    private const string Small = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDate: now\r\n\r\nhello", "hello", true)]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n", "", true)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", "", true)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", "", true)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nB;x=y\r\n, and bye. \r\n0\r\n\r\n",
        "hello, and bye. ", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n000\r\nTrailer: 1\r\nOther: 2\r\n\r\n", "a", true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", "ok", false)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok", false)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nuntil the end", "until the end", false)]
    public async Task An_answer_is_read_to_its_end_in_every_framing_and_split(string answer, string body, bool keepsAlive)
    {
        foreach (Func<Stream, string, Task> say in (Func<Stream, string, Task>[])[ScriptedPeer.SayAsync, ScriptedPeer.SayByteByByteAsync])
        {
            using ScriptedPeer peer = new();
            Task<string> sending = AskAsync(peer);
            Stream connection = await peer.AcceptAsync();
            (await ScriptedPeer.HearAsync(connection)).ShouldBe("GET /v1/status?a=b HTTP/1.1\r\nHost: rave\r\n\r\n");
            await say(connection, answer);
            if (!keepsAlive)
            {
                await connection.DisposeAsync();
            }

            (await sending.Soon()).ShouldBe(body);

            Task<string> again = AskAsync(peer);
            connection = keepsAlive ? connection : await peer.AcceptAsync();
            await ScriptedPeer.HearAsync(connection);
            await say(connection, Small);
            (await again.Soon()).ShouldBe("ok");
            peer.Connections.ShouldBe(keepsAlive ? 1 : 2);
            await connection.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")]
    public async Task A_cut_answer_never_looks_complete(string part)
    {
        using ScriptedPeer peer = new();
        Task<string> sending = AskAsync(peer);
        await using (Stream connection = await peer.AcceptAsync())
        {
            await ScriptedPeer.HearAsync(connection);
            await ScriptedPeer.SayAsync(connection, part);
        }

        Exception failure = await sending.Soon().ShouldThrowAsync<Exception>();
        (failure is HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } or { InnerException: IOException })
            .ShouldBeTrue(failure.ToString());
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno field\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1 1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n")]
    public async Task A_malformed_answer_is_refused_and_its_connection_closed(string nonsense)
    {
        using ScriptedPeer peer = new();
        Task<string> sending = AskAsync(peer);
        await using Stream connection = await peer.AcceptAsync();
        await ScriptedPeer.HearAsync(connection);
        await ScriptedPeer.SayAsync(connection, nonsense);

        (await sending.Soon().ShouldThrowAsync<HttpRequestException>()).HttpRequestError.ShouldBe(HttpRequestError.InvalidResponse);
        (await connection.ReadAsync(new byte[1]).AsTask().Soon()).ShouldBe(0);
    }

    [Fact]
    public async Task An_endless_head_is_refused()
    {
        using ScriptedPeer peer = new();
        Task<string> sending = AskAsync(peer);
        await using Stream connection = await peer.AcceptAsync();
        await ScriptedPeer.HearAsync(connection);
        await ScriptedPeer.SayAsync(connection, "HTTP/1.1 200 OK\r\nX: " + new string('x', 70_000));

        (await sending.Soon().ShouldThrowAsync<HttpRequestException>()).HttpRequestError.ShouldBe(HttpRequestError.InvalidResponse);
    }

    [Fact]
    public async Task An_idle_connection_that_its_peer_closed_is_not_used()
    {
        using ScriptedPeer peer = new();
        await AnswerAsync(peer, closes: true);

        await AnswerAsync(peer, closes: false);

        peer.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task A_request_that_is_refused_while_it_is_sent_gets_its_answer()
    {
        using ScriptedPeer peer = new();
        Task<HttpResponseMessage> sending = peer.PostAsync(8 << 20);
        await using (Stream connection = await peer.AcceptAsync())
        {
            await ScriptedPeer.HearAsync(connection);
            await ScriptedPeer.SayAsync(connection, "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }

        (await sending.Soon()).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Requests_above_the_connection_limit_wait_and_can_be_cancelled()
    {
        using ScriptedPeer peer = new(connections: 1);
        Task<string> first = AskAsync(peer);
        await using Stream connection = await peer.AcceptAsync();
        using CancellationTokenSource impatient = new();
        Task<HttpResponseMessage> cancelled = peer.GetAsync(impatient.Token);
        Task<string> second = AskAsync(peer);

        await impatient.CancelAsync();
        await cancelled.Soon().ShouldThrowAsync<OperationCanceledException>();
        await ScriptedPeer.HearAsync(connection);
        await ScriptedPeer.SayAsync(connection, Small);
        (await first.Soon()).ShouldBe("ok");

        await ScriptedPeer.HearAsync(connection);
        await ScriptedPeer.SayAsync(connection, Small);
        (await second.Soon()).ShouldBe("ok");
        peer.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_that_is_not_read_to_its_end_closes_its_connection_and_so_does_one_that_is_cancelled()
    {
        using ScriptedPeer peer = new(connections: 1);
        Task<HttpResponseMessage> sending = peer.GetAsync();
        await using (Stream connection = await peer.AcceptAsync())
        {
            await ScriptedPeer.HearAsync(connection);
            await ScriptedPeer.SayAsync(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nthe beginning");
            (await sending.Soon()).Dispose();
            (await connection.ReadAsync(new byte[1]).AsTask().Soon()).ShouldBe(0);
        }

        using CancellationTokenSource impatient = new();
        sending = peer.GetAsync(impatient.Token);
        await using (Stream connection = await peer.AcceptAsync())
        {
            await ScriptedPeer.HearAsync(connection);
            await impatient.CancelAsync();
            await sending.Soon().ShouldThrowAsync<OperationCanceledException>();
            (await connection.ReadAsync(new byte[1]).AsTask().Soon()).ShouldBe(0);
        }

        // Both gave their room back.
        await AnswerAsync(peer, closes: false);
    }

    [Fact]
    public async Task A_connection_that_was_idle_for_a_minute_is_closed()
    {
        FakeTime time = new();
        using ScriptedPeer peer = new(time: time);
        Task<string> sending = AskAsync(peer);
        await using Stream connection = await peer.AcceptAsync();
        await ScriptedPeer.HearAsync(connection);
        await ScriptedPeer.SayAsync(connection, Small);
        await sending.Soon();

        time.Advance(TimeSpan.FromSeconds(59));
        Task<int> end = connection.ReadAsync(new byte[1]).AsTask();
        end.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));

        (await end.Soon()).ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_listener_nothing_was_sent()
    {
        ScriptedPeer peer = new();
        peer.StopListening();

        HttpRequestException failure = await peer.GetAsync().Soon().ShouldThrowAsync<HttpRequestException>();

        failure.HttpRequestError.ShouldBe(HttpRequestError.ConnectionError);
        failure.InnerException.ShouldBeOfType<SocketException>();
        peer.Dispose();
    }

    private static async Task<string> AskAsync(ScriptedPeer peer)
    {
        using HttpResponseMessage answer = await peer.GetAsync();
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task AnswerAsync(ScriptedPeer peer, bool closes)
    {
        Task<string> sending = AskAsync(peer);
        Stream connection = await peer.AcceptAsync();
        await ScriptedPeer.HearAsync(connection);
        await ScriptedPeer.SayAsync(connection, Small);
        (await sending.Soon()).ShouldBe("ok");
        if (closes)
        {
            await connection.DisposeAsync();
        }
    }
}
