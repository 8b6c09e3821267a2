using System.Text.Json;
using System.Text.RegularExpressions;
using Rave.Client;
using Rave.Tests.Etcd;
using Rave.Tests.Harness;

namespace Rave.Tests.Cli;

// rave bench at a scale at which its figures mean nothing. Other programs depend on the names of the figures.
public sealed partial class BenchTests
{
    private static readonly string[] Workloads =
    [
        "put.1", "put.1.p50us", "put.1.p99us", "get.1", "get.1.p50us", "get.1.p99us",
        "put.16", "get.16", "put.64", "get.64", "put.256", "get.256", "batch100", "getMany100", "iterate", "rssMB",
    ];

    private static readonly string[] LevelDb = ["limits.leveldb.put", "limits.leveldb.get", "limits.leveldb.iterate"];

    private static readonly string[] ClusterNames =
    [
        .. PlainAndOurs("put.1", ["", ".p50us", ".p99us"]), .. PlainAndOurs("get.1", ["", ".p50us", ".p99us"]),
        .. ((string[])["put.16", "put.64", "put.256", "get.16", "get.64", "get.256"]).SelectMany(name => PlainAndOurs(name, [""])),
        "etcd.batch100", "etcd.getMany100", "etcd.iterate",
        "etcd.load", "etcd.pause.load.maxms", "etcd.forward", "etcd.reverse", "etcd.pause.none.maxms", "etcd.pause.forward.maxms",
        "etcd.pause.reverse.maxms", "etcd.pause.snapshot.maxms", "etcd.pause.count.maxms", "etcd.clear", "etcd.pause.clear.maxms",
        "etcd.rssMB",
    ];

    private static readonly string[] Names =
    [
        "limits.pingpong.p50us", "limits.pingpong.p99us", .. LevelDb,
        .. Workloads.Select(name => $"leader.{name}"),
        .. Workloads.Select(name => $"follower.{name}"),
        "start.follower.p50ms", "failover.1.p50ms", "failover.1.maxms", "failover.10.p50ms", "failover.10.maxms",
    ];

    [Fact]
    public async Task Every_workload_has_its_figure_and_no_file_remains()
    {
        using TempDirectory directory = new();
        (await FiguresAsync(directory, "--values", "compressible")).ShouldBe(Names);
        Directory.GetFileSystemEntries(directory.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_names_of_figures_show_random_values()
    {
        using TempDirectory directory = new();
        (await FiguresAsync(directory, "limits", "--values", "random")).ShouldBe(LevelDb.Select(name => $"random.{name}"));
    }

    [Fact]
    public async Task A_cluster_is_measured_beside_itself_and_left_empty()
    {
        string? location = await SubjectsMember.NewLocationAsync();
        Assert.SkipWhen(location is null, EtcdProgram.Missing);
        using TempDirectory directory = new();
        (await FiguresAsync(directory, "--engine", location)).ShouldBe(ClusterNames);

        await using RaveLevel db = await RaveLevel.OpenAsync(location);
        (await db.CountAsync()).ShouldBe(0);
        await db.PutAsync("precious", "1");
        await using ChildProcess rave = ChildProcess.StartRave("bench", "--engine", location);
        (await rave.WaitForExitAsync()).ShouldNotBe(0);
        (await rave.Errors).ShouldContain("takes only an empty one");
        (await db.GetAsync("precious")).ShouldBe("1");
    }

    [Fact]
    [Needs(Need.LongRun)]
    public async Task Growth_is_measured_by_keys_values_and_followers()
    {
        using TempDirectory directory = new();
        string[] names = await FiguresAsync(directory, "growth");
        string[] rows = [.. names.Select(name => string.Join('.', name.Split('.')[..3])).Distinct()];
        rows.ShouldBe(
        [
            "growth.keys.20000", "growth.keys.1000000", "growth.keys.10000000",
            "growth.value.100", "growth.value.1000", "growth.value.100000", "growth.value.10000000",
            "growth.followers.1", "growth.followers.10", "growth.followers.50",
        ]);
        Directory.GetFileSystemEntries(directory.Path).ShouldBeEmpty();
    }

    [Fact]
    public void The_targets_of_the_benchmarks_are_measured()
    {
        string script = File.ReadAllText(Repository.PathOf("docs/benchmarks/ratios.js"));
        string[] named = [.. FigureName().Matches(script).Select(match => match.Groups[1].Value)];
        named.Length.ShouldBeGreaterThan(20);
        named.ShouldBeSubsetOf(Names);
    }

    private static IEnumerable<string> PlainAndOurs(string name, string[] figures) =>
        ((string[])["etcd.plain", "etcd"]).SelectMany(side => figures.Select(figure => $"{side}.{name}{figure}"));

    // The names in their order; every figure is above zero.
    private static async Task<string[]> FiguresAsync(TempDirectory temporary, params string[] arguments)
    {
        await using ChildProcess rave = ChildProcess.Start(
            ChildProcess.RavePath, ["bench", .. arguments, "--scale", "0.001", "--json"], start =>
                start.Environment["TMPDIR"] = temporary.Path);
        string output = await rave.ReadToEndAsync();
        (await rave.WaitForExitAsync()).ShouldBe(0, await rave.Errors);
        Dictionary<string, double> figures = JsonSerializer.Deserialize<Dictionary<string, double>>(output)!;
        figures.Where(figure => figure.Value is not (> 0 and < double.PositiveInfinity)).ShouldBeEmpty();
        return [.. figures.Keys];
    }

    [GeneratedRegex(@"'((?:limits|leader|follower|start|failover)\.[\w.]+)'")]
    private static partial Regex FigureName();
}
