using System.Text.RegularExpressions;
using Rave.Tests.Harness;

namespace Rave.Tests;

// Which folder may know which: a line of code knows its room.
public sealed partial class ImportRulesTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Rave.Server/Contracts"] = [],
        ["Rave.Server/Files"] = [],
        ["Rave.Server/LevelDb"] = ["Files"],
        ["Rave.Server/Storage"] = ["LevelDb", "Contracts"],
        ["Rave.Server/Metrics"] = ["Storage", "Contracts"],
        ["Rave.Server/Endpoints"] = ["Metrics", "Storage", "Files", "Contracts"],
        ["Rave.Server/Wire"] = ["Contracts"],
        ["Rave.Server/Leadership"] = ["Wire", "Endpoints", "Storage", "LevelDb", "Files", "Contracts"],
        ["Rave.Server/Cli"] = ["Leadership", "LevelDb", "Contracts"],
    };

    public static TheoryData<string> Folders => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_imports_only_what_it_may(string folder)
    {
        string own = Path.GetFileName(folder);
        string[] files = Directory.GetFiles(Repository.PathOf(folder), "*.cs");
        files.ShouldNotBeEmpty();
        foreach (string file in files)
        {
            string[] known = [.. OwnNamespace().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value).Distinct().Where(name => name != own)];
            known.ShouldBeSubsetOf(Allowed[folder], Path.GetFileName(file));
        }
    }

    [Fact]
    public void Every_folder_of_the_server_has_a_rule() =>
        Directory.GetDirectories(Repository.PathOf("Rave.Server")).Select(path => Path.GetFileName(path))
            .Except(["bin", "obj"])
            .ShouldBeSubsetOf(Allowed.Keys.Select(folder => Path.GetFileName(folder)));

    [Fact]
    public void The_server_does_not_know_the_client() =>
        Sources("Rave.Server").Where(file => File.ReadAllText(file).Contains("Rave.Client.", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void No_file_of_code_is_longer_than_three_hundred_lines() =>
        Sources("Rave.Server", "Rave.Client", "Rave.Tests").Where(file => File.ReadLines(file).Count() > 300).ShouldBeEmpty();

    private static IEnumerable<string> Sources(params string[] projects) =>
        projects.SelectMany(project => Directory.GetFiles(Repository.PathOf(project), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal));

    [GeneratedRegex(@"Rave\.Server\.(\w+)")]
    private static partial Regex OwnNamespace();
}
