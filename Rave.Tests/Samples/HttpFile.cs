using System.Text.RegularExpressions;

namespace Rave.Tests.Samples;

// A request of a .http file, with its variables.
internal sealed record HttpFileRequest(string? Name, string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers,
    string? Body);

// A .http file, as VS Code, Rider and Visual Studio read it: variables, and requests with ### between them.
internal sealed partial class HttpFile
{
    private HttpFile(IReadOnlyDictionary<string, string> variables, IReadOnlyList<HttpFileRequest> requests)
    {
        Variables = variables;
        Requests = requests;
    }

    internal IReadOnlyDictionary<string, string> Variables { get; }

    internal IReadOnlyList<HttpFileRequest> Requests { get; }

    internal static HttpFile Parse(string text)
    {
        string[] parts = Separator().Split(text);
        Dictionary<string, string> variables = parts[0].Split('\n').Select(line => Variable().Match(line)).Where(match => match.Success)
            .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value);
        return new(variables, [.. parts.Skip(1).Select(ParseRequest)]);
    }

    // {{name}}, or {{name.response.body.$.member}} of an earlier answer. An unknown variable is an error.
    internal static string Fill(string text, Func<string, string> value) =>
        Placeholder().Replace(text, match => value(match.Groups[1].Value));

    private static HttpFileRequest ParseRequest(string part)
    {
        Queue<string> lines = new(part.Split('\n'));
        string? name = null;
        while (lines.Peek().Length == 0 || lines.Peek()[0] == '#')
        {
            Match named = Name().Match(lines.Dequeue());
            name = named.Success ? named.Groups[1].Value : name;
        }

        Match line = RequestLine().Match(lines.Dequeue());
        line.Success.ShouldBeTrue(part);
        List<(string, string)> headers = [];
        while (lines.TryDequeue(out string? header) && header.Length > 0)
        {
            string[] pair = header.Split(": ", 2);
            headers.Add((pair[0], pair[1]));
        }

        string body = string.Join('\n', lines).TrimEnd('\n');
        return new(name, line.Groups["method"].Value, line.Groups["target"].Value, headers, body.Length == 0 ? null : body);
    }

    [GeneratedRegex("^###.*\n", RegexOptions.Multiline)]
    private static partial Regex Separator();

    [GeneratedRegex(@"^@(?<name>\w+) *= *(?<value>.+)$")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^# @name (\w+)$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(?<method>[A-Z]+) (?<target>\S+)$")]
    private static partial Regex RequestLine();

    [GeneratedRegex(@"\{\{([^}]+)\}\}")]
    private static partial Regex Placeholder();
}
