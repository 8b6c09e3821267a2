using System.Collections.Concurrent;
using Rave.Tests.Harness;

[assembly: AssemblyFixture(typeof(NotRun))]

namespace Rave.Tests.Harness;

// Counts the skipped tests, and prints at the end of the run what they need.
public sealed class NotRun : IDisposable
{
    internal const string LongRun = "RAVE_CHAOS=1";
    internal const string OtherUsers = "a build that other users can run";
    internal const string Packages = "packages from a registry";

    private static readonly ConcurrentDictionary<string, int> Skipped = new(StringComparer.Ordinal);

    internal static string Line => Skipped.IsEmpty ? "Not run: nothing." : $"Not run: {string.Join("; ", Texts)}.";

    private static IEnumerable<string> Texts =>
        Skipped.OrderBy(need => need.Key, StringComparer.Ordinal).Select(need => Text(need.Key, need.Value));

    // Of a test that finds out in its course that something is missing.
    internal static void Skip(string need, string details = "")
    {
        Skipped.AddOrUpdate(need, 1, (_, count) => count + 1);
        Assert.Skip($"Needs {need}. {details}".TrimEnd());
    }

    // .ci/run reads it here, because `dotnet test` does not show the output of a test project.
    public void Dispose()
    {
        Console.WriteLine(Line);
        string file = Repository.PathOf("Rave.Tests/TestResults/not-run.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, Line + "\n");
    }

    private static string Text(string need, int count) => (need, count) switch
    {
        (LongRun, 1) => $"1 long run ({LongRun})",
        (LongRun, _) => $"{count} long runs ({LongRun})",
        (_, 1) => $"1 test that needs {need}",
        _ => $"{count} tests that need {need}",
    };
}
