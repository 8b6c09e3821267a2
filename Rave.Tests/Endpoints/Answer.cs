using System.Text;
using System.Text.Json;

namespace Rave.Tests.Endpoints;

// The answer to one request.
internal sealed record Answer(int Status, string? MediaType, byte[] Bytes, ILookup<string, string> Headers)
{
    internal string Text => Encoding.UTF8.GetString(Bytes);

    internal JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Bytes);

    // The keys of a page, one after the other.
    internal string Keys => string.Join(' ', Entries.Select(entry => entry.GetProperty("key").GetString()));

    internal IEnumerable<JsonElement> Entries => Json.GetProperty("entries").EnumerateArray();

    internal string? Continuation => Json.GetProperty("continuation").GetString();

    internal static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        ILookup<string, string> headers = response.Headers.Concat(response.Content.Headers)
            .SelectMany(header => header.Value, (header, value) => (header.Key, value))
            .ToLookup(header => header.Key, header => header.value, StringComparer.OrdinalIgnoreCase);
        return new((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsByteArrayAsync(), headers);
    }

    // A problem as RFC 9457 has it, with our code. Returns its detail.
    internal string ShouldBeProblem(int status, string code)
    {
        Status.ShouldBe(status, Text);
        Headers["Content-Type"].ShouldBe(["application/problem+json"]);
        JsonElement problem = Json;
        problem.EnumerateObject().Select(member => member.Name).Take(5).ShouldBe(["type", "title", "status", "detail", "code"]);
        problem.GetProperty("code").GetString().ShouldBe(code, Text);
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("type").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        string detail = problem.GetProperty("detail").GetString()!;
        detail.ShouldNotBeNullOrEmpty();
        detail.ShouldNotContain(" at Rave.");
        return detail;
    }
}
