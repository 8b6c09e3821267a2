using System.Text.Json;
using System.Text.RegularExpressions;
using Rave.Server.Election;
using Rave.Server.Hosting;
using Rave.Server.Location;
using Rave.Tests.Endpoints;
using Rave.Tests.Harness;

namespace Rave.Tests.Samples;

// The .http files over --http and the scripts over the socket send the same requests and get the same answers.
public sealed partial class HttpFileTests
{
    private const string StatusMark = "#status ";

    public static TheoryData<string> Families => [.. NamesOf("*.http")];

    // A script may do without a file: editors neither pipe nor wait for a stream to end.
    [Fact]
    public void Every_file_has_its_script() => NamesOf("*.http").ShouldBeSubsetOf(NamesOf("*.sh"));

    [Theory]
    [MemberData(nameof(Families))]
    public async Task A_file_and_its_script_get_the_same_answers(string family)
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        await using Leader overTcp = await Embedded.LeadAsync(location, new() { HttpPort = 0 });
        await using SharedLeader overSocket = new();
        await overSocket.InitializeAsync();
        string[] file = [.. (await ReplayAsync(family, overTcp.Loopback!)).Select(answer => Stable(answer, location.Directory))];
        string[] script = [.. (await RunAsync(family, overSocket)).Select(answer => Stable(answer, overSocket.Location))];
        file.ShouldBe(script);
        file.Length.ShouldBeGreaterThan(4);
    }

    // Each answer as "status body".
    private static async Task<List<string>> ReplayAsync(string family, LoopbackAccess access)
    {
        HttpFile file = HttpFile.Parse(await File.ReadAllTextAsync(Repository.PathOf($"http-samples/{family}.http")));
        file.Variables.Keys.ShouldBe(["host", "token"]);
        Dictionary<string, JsonElement> named = [];
        List<string> answers = [];
        using HttpClient http = new() { Timeout = Waiting.Patience };
        foreach (HttpFileRequest request in file.Requests)
        {
            using HttpRequestMessage message = new(new(request.Method), Fill(request.Target));
            message.Content = request.Body is null ? null : new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(request.Body));
            foreach ((string name, string value) in request.Headers)
            {
                (message.Headers.TryAddWithoutValidation(name, Fill(value))
                    || message.Content!.Headers.TryAddWithoutValidation(name, Fill(value))).ShouldBeTrue(name);
            }

            using HttpResponseMessage response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
            string body = await ReadAsync(response);
            answers.Add($"{(int)response.StatusCode} {body}");
            if (request.Name is not null)
            {
                named.Add(request.Name, JsonSerializer.Deserialize<JsonElement>(body));
            }
        }

        return answers;

        string Fill(string text) => HttpFile.Fill(text, Value);

        string Value(string name) => name switch
        {
            "host" => access.Port.Url,
            "token" => File.ReadAllText(access.TokenPath),
            _ => name.Split(".response.body.$.") is [var request, var member] ? named[request].GetProperty(member).GetString()!
                : throw new KeyNotFoundException(name),
        };
    }

    // The first event of a stream without an end; all of anything else.
    private static async Task<string> ReadAsync(HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            return await response.Content.ReadAsStringAsync();
        }

        using StreamReader reader = new(await response.Content.ReadAsStreamAsync());
        return $"{await reader.ReadLineAsync().Soon()}\n{await reader.ReadLineAsync().Soon()}\n";
    }

    // curl prints the status of each call after its body.
    private static async Task<List<string>> RunAsync(string family, SharedLeader leader)
    {
        using TempDirectory settings = new();
        await File.WriteAllTextAsync(settings[".curlrc"], $"write-out = \"\\n{StatusMark}%{{http_code}}\\n\"\n");
        await using ChildProcess script = ChildProcess.Start(
            "sh", [Repository.PathOf($"http-samples/{family}.sh"), leader.Location], start =>
                start.Environment["CURL_HOME"] = settings.Path);
        string output = await script.ReadToEndAsync();
        (await script.WaitForExitAsync()).ShouldBe(0, $"{output}\n{await script.Errors}");
        List<string> answers = [];
        List<string> body = [];
        foreach (string line in output.Split('\n'))
        {
            if (line.StartsWith(StatusMark, StringComparison.Ordinal))
            {
                // The scripts print a line break after some bodies.
                answers.Add($"{line[StatusMark.Length..]} {string.Join('\n', body).TrimStart('\n')}");
                body.Clear();
            }
            else
            {
                body.Add(line);
            }
        }

        return answers;
    }

    // Without the parts that differ between leaders: ids, times, places, and figures that the sample shows.
    private static string Stable(string answer, string location)
    {
        string text = Time().Replace(answer.Replace(location, "<location>", StringComparison.Ordinal), "<time>");
        // For a HEAD, curl prints the headers.
        text = text.Contains(" HTTP/1.1 ", StringComparison.Ordinal) ? text[..text.IndexOf(' ')] : Id().Replace(text, "<id>")
            .TrimEnd('\n', ' ');
        return Pid().IsMatch(text) ? Number().Replace(text, "<n>")
            : text.Contains("# TYPE", StringComparison.Ordinal)
                ? string.Join('\n', text.Split('\n').Where(line => line.StartsWith("# ", StringComparison.Ordinal)))
            : text;
    }

    private static string[] NamesOf(string pattern) =>
        [.. Directory.GetFiles(Repository.PathOf("http-samples"), pattern).Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[0-9:.]+\+00:00")]
    private static partial Regex Time();

    [GeneratedRegex("\"pid\":[0-9]")]
    private static partial Regex Pid();

    [GeneratedRegex("(?<=\"id\":\")[0-9a-f]{32}")]
    private static partial Regex Id();

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Number();
}
