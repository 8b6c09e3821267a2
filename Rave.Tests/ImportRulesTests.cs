using System.Text.RegularExpressions;
using Rave.Tests.Harness;

namespace Rave.Tests;

// Which folder may use which, and how long files and lines may be. Names with a dot are folders of other projects.
public sealed partial class ImportRulesTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Rave.Server/Protocol"] = [],
        ["Rave.Server/Files"] = [],
        ["Rave.Server/Platform"] = [],
        ["Rave.Server/LevelDb"] = ["Files"],
        ["Rave.Server/Storage"] = ["Protocol"],
        ["Rave.Server/Engine"] = ["LevelDb", "Storage", "Protocol"],
        ["Rave.Server/Metrics"] = ["Engine", "Storage"],
        ["Rave.Server/Serving"] = ["Metrics", "Storage", "Files", "Protocol"],
        ["Rave.Server/Requests"] = ["Serving", "Storage", "Protocol"],
        ["Rave.Server/Results"] = ["Serving", "Storage", "Protocol"],
        ["Rave.Server/Endpoints"] = ["Requests", "Results", "Serving", "Metrics", "Storage", "Protocol"],
        ["Rave.Server/Transport"] = ["Protocol"],
        ["Rave.Server/Location"] = ["Engine", "LevelDb", "Storage", "Files", "Platform", "Protocol"],
        ["Rave.Server/Hosting"] = ["Endpoints", "Requests", "Results", "Serving", "Location", "Transport", "Platform", "Protocol"],
        ["Rave.Server/Election"] = ["Hosting", "Location", "Engine", "LevelDb", "Platform", "Protocol"],
        ["Rave.Server/Gateways"] = ["Hosting", "Location", "Storage"],
        ["Rave.Server/Cli"] = ["Election", "Hosting", "Location", "Storage", "Protocol"],
        ["Rave.Client"] =
            ["Batches", "Engines", "Failover", "Memory", "Sequences", "Telemetry", "Server.Election", "Server.Location", "Server.Storage",
             "Server.Protocol"],
        ["Rave.Client/Batches"] = ["Failover", "Server.Protocol"],
        ["Rave.Client/Ranges"] = ["Failover", "Telemetry", "Server.Storage", "Server.Protocol"],
        ["Rave.Client/Sequences"] = ["Changes", "Ranges"],
        ["Rave.Client/Changes"] =
            ["Failover", "Telemetry", "Server.Election", "Server.Hosting", "Server.Location", "Server.Storage", "Server.Platform",
             "Server.Protocol"],
        ["Rave.Client/Encodings"] = ["Server.Protocol"],
        ["Rave.Client/Engines"] = ["Failover", "Lanes", "Server.Storage", "Server.Protocol"],
        ["Rave.Client/Memory"] = ["Failover", "Server.Engine", "Server.Storage", "Server.Protocol"],
        ["Rave.Client/Events"] = ["Batches", "Failover", "Server.Storage", "Server.Protocol"],
        ["Rave.Client/Failover"] =
            ["Changes", "Lanes", "Telemetry", "Server.Election", "Server.Hosting", "Server.Location", "Server.Storage",
             "Server.Platform", "Server.Protocol"],
        ["Rave.Client/Lanes"] = ["Failover", "Telemetry", "Server.Storage", "Server.Protocol"],
        ["Rave.Client/Hosting"] = ["Server.Protocol"],
        ["Rave.Client/Telemetry"] = ["Failover", "Server.Metrics", "Server.Protocol"],
        ["Rave.Etcd"] =
            ["Changes", "Clears", "Cluster", "Keys", "Location", "Reads", "Scans", "Snapshots", "Wire", "Writes", "Server.Storage",
             "Server.Protocol"],
        ["Rave.Etcd/Location"] = [],
        ["Rave.Etcd/Cluster"] = ["Location", "Wire"],
        ["Rave.Etcd/Keys"] = ["Wire", "Server.Storage"],
        ["Rave.Etcd/Writes"] = ["Cluster", "Keys", "Wire", "Server.Storage", "Server.Protocol"],
        ["Rave.Etcd/Scans"] = ["Cluster", "Keys", "Wire", "Server.Storage", "Server.Protocol"],
        ["Rave.Etcd/Reads"] = ["Cluster", "Scans", "Wire", "Server.Protocol"],
        ["Rave.Etcd/Clears"] = ["Cluster", "Keys", "Scans", "Wire", "Writes", "Server.Storage", "Server.Protocol"],
        ["Rave.Etcd/Changes"] = ["Cluster", "Keys", "Wire", "Server.Storage"],
        ["Rave.Etcd/Snapshots"] = [],
        ["Rave.Cli"] =
            ["Bench", "Copy", "Client.Batches", "Server.Cli", "Server.Gateways", "Server.Hosting", "Server.Platform", "Server.Protocol",
             "Server.Storage"],
        ["Rave.Cli/Bench"] = ["Etcd.Cluster", "Etcd.Location", "Etcd.Wire", "Server.LevelDb"],
        ["Rave.Cli/Copy"] = ["Server.Protocol", "Server.Storage"],
    };

    public static TheoryData<string> Folders => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_imports_only_what_it_may(string folder)
    {
        string project = folder.Split('/')[0];
        string own = folder[(folder.IndexOf('/', StringComparison.Ordinal) + 1)..];
        string[] files = Directory.GetFiles(Repository.PathOf(folder), "*.cs");
        files.ShouldNotBeEmpty();
        foreach (string file in files)
        {
            IEnumerable<string> named = OurNamespace().Matches(File.ReadAllText(file)).Select(match => NameOf(match, project));
            string[] known = [.. named.Distinct().Where(name => name != own)];
            known.ShouldBeSubsetOf(Allowed[folder], Path.GetFileName(file));
        }
    }

    [Theory]
    [InlineData("Rave.Server")]
    [InlineData("Rave.Client")]
    [InlineData("Rave.Etcd")]
    [InlineData("Rave.Cli")]
    public void Every_folder_has_a_rule(string project) =>
        Directory.GetDirectories(Repository.PathOf(project)).Select(path => Path.GetFileName(path))
            .Except(["bin", "obj"])
            .Select(folder => $"{project}/{folder}")
            .ShouldBeSubsetOf(Allowed.Keys);

    [Theory]
    [InlineData("Rave.Server", "Rave.Client")]
    [InlineData("Rave.Server", "Rave.Etcd")]
    [InlineData("Rave.Server", "Rave.Cli")]
    [InlineData("Rave.Client", "Rave.Cli")]
    public void A_library_does_not_know_its_users(string library, string user) =>
        // The namespace itself is allowed: the public types of both libraries are in it.
        Sources(library).Where(file => Regex.IsMatch(File.ReadAllText(file), $@"{Regex.Escape(user)}\.\w")).ShouldBeEmpty();

    [Fact]
    public void No_file_has_more_than_300_lines_and_no_line_more_than_140_characters() =>
        Sources("Rave.Server", "Rave.Client", "Rave.Etcd", "Rave.Cli", "Rave.Tests")
            .Where(file => File.ReadLines(file).Count() > 300 || File.ReadLines(file).Any(line => line.Length > 140))
            .ShouldBeEmpty();

    private static IEnumerable<string> Sources(params string[] projects) =>
        projects.SelectMany(project => Directory.GetFiles(Repository.PathOf(project), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal));

    // The name in the rules: a folder of the same project has no prefix.
    private static string NameOf(Match match, string project) =>
        project == $"Rave.{match.Groups[1].Value}" ? match.Groups[2].Value : $"{match.Groups[1].Value}.{match.Groups[2].Value}";

    [GeneratedRegex(@"Rave\.(Server|Client|Etcd|Cli)\.(\w+)")]
    private static partial Regex OurNamespace();
}
