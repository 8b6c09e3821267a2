using System.Globalization;
using System.Text;
using System.Text.Json;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

// A raw answer. Its body has one character per byte. IsWhole says whether a client knows from HTTP that the body is complete.
internal sealed record WireAnswer(int Status, ILookup<string, string> Headers, string Body, bool IsWhole)
{
    internal JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Encoding.Latin1.GetBytes(Body));

    internal string? Continuation => Json.GetProperty("continuation").GetString();

    internal string Keys =>
        string.Join(' ', Json.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("key").GetString()));

    internal string Header(string name) => Headers[name].Single();

    internal static WireAnswer Of(RawResponse response)
    {
        ILookup<string, string> headers = response.Head.Split("\r\n").Skip(1)
            .ToLookup(line => line[..line.IndexOf(':')], line => line[(line.IndexOf(':') + 1)..].Trim(), StringComparer.OrdinalIgnoreCase);
        (string body, bool isWhole) = headers["Transfer-Encoding"].Contains("chunked")
            ? Join(response.Body)
            : (response.Body, !headers["Content-Length"].Any()
                || response.Body.Length.ToString(CultureInfo.InvariantCulture) == headers["Content-Length"].Single());
        return new(response.Status, headers, body, isWhole);
    }

    // The raw answer on a socket to "GET /v1/kv/a" with these header lines and a body. One character per byte.
    internal static async Task<WireAnswer> AskAsync(string socketPath, string request, string? body = null, params string[] headers)
    {
        string length = body is null ? "" : $"Content-Length: {body.Length}\r\n";
        string lines = string.Concat(headers.Select(header => header + "\r\n"));
        return Of(await RawHttp.SendAsync(socketPath,
            $"{request} HTTP/1.1\r\nHost: rave\r\nConnection: close\r\n{length}{lines}\r\n{body}"));
    }

    // Returns the detail.
    internal string ShouldBeProblem(int status, string code)
    {
        Status.ShouldBe(status, Body);
        Header("Content-Type").ShouldBe("application/problem+json");
        Json.EnumerateObject().Select(member => member.Name).Take(5).ShouldBe(["type", "title", "status", "detail", "code"]);
        Json.GetProperty("status").GetInt32().ShouldBe(status);
        Json.GetProperty("code").GetString().ShouldBe(code, Body);
        return Json.GetProperty("detail").GetString().ShouldNotBeNull();
    }

    private static (string Body, bool IsWhole) Join(string chunks)
    {
        string body = "";
        while (chunks.Length > 0)
        {
            int end = chunks.IndexOf("\r\n", StringComparison.Ordinal);
            int length = int.Parse(chunks.AsSpan(0, end), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0)
            {
                return (body, true);
            }

            body += chunks.Substring(end + 2, Math.Min(length, chunks.Length - end - 2));
            chunks = chunks[Math.Min(end + 2 + length + 2, chunks.Length)..];
        }

        return (body, false);
    }
}
