using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

// Random bytes: each answer fits the contract, nothing is written without acknowledgement, and the leader continues to serve.
// RAVE_SEED=<n> sends the same bytes again. RAVE_CHAOS=1 sends 200,000 requests.
public sealed partial class RandomBytesTests
{
    // Sent after every request, on the same connection: the rest of a damaged request is answered too, and then the connection ends.
    private const string Trailer = "GET /healthz HTTP/1.1\r\nHost: rave\r\nConnection: close\r\n\r\n";

    // A growing database would make the comparison slow.
    private const int RequestsBetweenClears = 200;

    private static readonly int Requests = Machine.RunsLong ? 200_000 : 400;

    // Of a leader that waits for more.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<int, string[]> Codes = new()
    {
        [400] = ["LEVEL_INVALID_REQUEST", "LEVEL_INVALID_KEY", "LEVEL_INVALID_VALUE", "LEVEL_INVALID_BATCH", "LEVEL_INVALID_CONTINUATION",
            "LEVEL_ENCODING_NOT_FOUND"],
        [404] = ["LEVEL_NOT_FOUND"],
        [405] = ["LEVEL_INVALID_REQUEST"],
        [409] = ["LEVEL_STALE_RETRY"],
        [410] = ["LEVEL_SNAPSHOT_NOT_OPEN"],
        [412] = ["LEVEL_PRECONDITION_FAILED"],
        [413] = ["LEVEL_TOO_LARGE"],
        [415] = ["LEVEL_INVALID_REQUEST"],
        [422] = ["LEVEL_DECODE_ERROR"],
        [429] = ["LEVEL_TOO_MANY"],
    };

    // If Kestrel refuses a request before it is parsed, there is a status and no body. 405 is for `GET *`.
    private static readonly int[] Unread = [400, 405, 408, 411, 413, 414, 431, 505];

    [Fact]
    public async Task Random_bytes_get_an_answer_of_the_contract_and_write_nothing_without_acknowledgement()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("RAVE_SEED"), CultureInfo.InvariantCulture, out int given) ? given
            : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"RAVE_SEED={seed}");
        await using LiveLeader leader = await LiveLeader.StartAsync("--verbose");
        int sent = await SendAsync(leader, seed);
        TestContext.Current.TestOutputHelper.WriteLine($"{sent} requests");
        sent.ShouldBe(Requests);
        (await leader.Http.GetStringAsync("/healthz")).ShouldBe("ok");
        (await leader.Process.TerminateAsync()).ShouldBe(0);
        (await leader.Process.Errors).ShouldNotContain("fail:");
    }

    private static async Task<int> SendAsync(LiveLeader leader, int seed)
    {
        RandomRequests requests = new(seed);
        string before = await EntriesAsync(leader);
        int number = 0;
        for (; number < Requests; number++)
        {
            if (number % RequestsBetweenClears == 0)
            {
                (await leader.Http.DeleteAsync("/v1/entries?all=true")).EnsureSuccessStatusCode();
                (await leader.PutAsync("/v1/kv/sentinel", "untouched")).EnsureSuccessStatusCode();
                before = await EntriesAsync(leader);
            }

            byte[] request = requests.Next();
            string what = $"RAVE_SEED={seed}, request {number}: {JsonSerializer.Serialize(Encoding.Latin1.GetString(request))}";
            string answers = await AskAsync(leader.SocketPath, request, what);
            string after = await EntriesAsync(leader);
            Check(answers, what);
            // A delete needs no body, so it is done. A client that declared a body and disconnected may get no answer.
            bool untold = answers.Length == 0 && request.AsSpan().StartsWith("DELETE"u8);
            (after == before || untold || Acknowledgement().IsMatch(answers))
                .ShouldBeTrue($"it was written and not acknowledged\n{what}\n{answers}\n{before}\n{after}");
            before = after;
        }

        return number;
    }

    // Everything that is received until the connection ends, without streams, which do not end. One character per byte.
    private static async Task<string> AskAsync(string socketPath, byte[] request, string what)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath)).Soon();
        StringBuilder answers = new();
        try
        {
            await socket.SendAsync((byte[])[.. request, .. Encoding.Latin1.GetBytes(Trailer)]);
            if (WaitsForMore(request))
            {
                socket.Shutdown(SocketShutdown.Send);
            }

            byte[] buffer = new byte[16 << 10];
            int read;
            do
            {
                Task<int> receiving = socket.ReceiveAsync(buffer);
                try
                {
                    read = await receiving.WaitAsync(Silence);
                }
                catch (TimeoutException)
                {
                    // It waits for the rest of a chunk, or for another request.
                    socket.Shutdown(SocketShutdown.Send);
                    read = await receiving.WaitAsync(Waiting.Patience);
                }

                answers.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
            while (read > 0 && !answers.ToString(0, Math.Min(answers.Length, 500)).Contains("text/event-stream", StringComparison.Ordinal));
        }
        catch (SocketException cut) when (cut.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // Refused before it was read to its end.
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"no answer to {what}");
        }

        return answers.ToString();
    }

    // Whether a body was announced that even the trailer does not fill.
    private static bool WaitsForMore(byte[] request)
    {
        string text = Encoding.Latin1.GetString(request) + Trailer;
        int head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return DeclaredLength().Matches(text[..(head + 2)])
            .Any(length => !long.TryParse(length.Groups[1].ValueSpan, out long bytes) || bytes > text.Length - head - 4);
    }

    private static void Check(string answers, string what)
    {
        foreach (Match line in StatusLine().Matches(answers))
        {
            int status = int.Parse(line.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            (status is < 500 or 503 or 505 or 507).ShouldBeTrue($"{status} to {what}\n{answers}");
        }

        if (StatusLine().Matches(answers).FirstOrDefault(line => line.Groups[1].Value[0] != '1') is not { } first)
        {
            return;
        }

        WireAnswer answer = WireAnswer.Of(RawResponse.Parse(answers[first.Index..]));
        string type = answer.Headers["Content-Type"].SingleOrDefault("");
        if (answer.Status < 400)
        {
            answer.Status.ShouldBeOneOf([200, 201, 202, 204, 304], what);
        }
        else if (type.Length == 0)
        {
            answer.Status.ShouldBeOneOf(Unread, what);
        }
        else if (answer.Body.StartsWith('{'))
        {
            type.ShouldBe("application/problem+json", what);
            JsonElement problem = JsonSerializer.Deserialize<JsonElement>(
                Encoding.Latin1.GetBytes(answer.Body[..int.Parse(answer.Header("Content-Length"), CultureInfo.InvariantCulture)]));
            Codes[answer.Status].ShouldContain(problem.GetProperty("code").GetString(), what);
            problem.GetProperty("status").GetInt32().ShouldBe(answer.Status, what);
            problem.GetProperty("detail").GetString()!.ShouldNotContain(" at Rave.", Case.Sensitive, what);
        }
    }

    private static Task<string> EntriesAsync(LiveLeader leader) =>
        leader.Http.GetStringAsync("/v1/entries?keyEncoding=hex&valueEncoding=hex");

    [GeneratedRegex(@"HTTP/1\.[01] ([0-9]{3}) ")]
    private static partial Regex StatusLine();

    // For a write: 204, or for a bulk load the number of lines, also if it failed later.
    [GeneratedRegex("HTTP/1\\.[01] 204 |\"written\":[1-9]")]
    private static partial Regex Acknowledgement();

    [GeneratedRegex("\r?\n *Content-Length *: *([0-9]+) *\r?\n", RegexOptions.IgnoreCase)]
    private static partial Regex DeclaredLength();
}
