using System.Text.Json.Nodes;
using Rave.Client;
using Rave.Server.Files;
using Rave.Server.LevelDb;
using Rave.Tests.Harness;

namespace Rave.Tests.Files;

// Files beside a database that LevelDB does not own are never touched, whatever their names are.
public sealed class FileNamesTests
{
    private static readonly string[] LevelDbs =
    [
        "CURRENT", "LOG", "LOG.old", "MANIFEST-000001", "MANIFEST-7", "MANIFEST-18446744073709551615", "000005.log", "5.log",
        "18446744073709551615.log",
        "000000000000000000000000000005.ldb", "000006.ldb", "7.sst", "000008.dbtmp",
    ];

    private static readonly string[] Others =
    [
        "server.log", "access.log", "app.ldb", "x.sst", "notes.dbtmp", ".log", ".ldb", "5", "5.", "5.txt", "5.LOG", "5.log.gz", "5 .log",
        " 5.log", "+5.log", "-5.log", "5x.log", "x5.log", "0x5.log",
        "5.0.log", "5_000.log", "٥.log", "18446744073709551616.log", "99999999999999999999999.ldb", "MANIFEST", "MANIFEST-", "MANIFEST-x",
        "MANIFEST-000001.bak", "MANIFEST-18446744073709551616",
        "manifest-000001", "current", "CURRENT.bak", "LOG.1", "LOG.old.gz", "rave.lock", "rave.leader", "rave.log",
    ];

    [Fact]
    public void A_file_belongs_to_LevelDB_exactly_if_LevelDB_deletes_it_with_its_database()
    {
        using TempDirectory directory = new();
        string[] all = [.. LevelDbs, .. Others];
        Array.ForEach(all, name => File.WriteAllText(directory[name], "x"));
        all.Where(name => FileNames.KindOf(name) != FileKind.Foreign).ShouldBe(LevelDbs);
        FileNames.In(directory.Path).ShouldBe(LevelDbs, ignoreOrder: true);

        LevelDatabase.Destroy(directory.Path);
        Directory.GetFiles(directory.Path).Select(path => Path.GetFileName(path)).ShouldBe(Others, ignoreOrder: true);
    }

    [Fact]
    public async Task A_server_log_in_a_new_directory_is_not_orphaned_data_and_is_not_deleted()
    {
        using TempDirectory directory = new();
        Array.ForEach(Others, name => File.WriteAllText(directory[name], "precious"));
        Array.ForEach(["rave.lock", "rave.leader"], name => File.Delete(directory[name]));
        string[] others = [.. Directory.GetFiles(directory.Path)];
        await PutAsync(directory.Path, "a");
        others.ShouldAllBe(file => File.ReadAllText(file) == "precious");
    }

    [Fact]
    public async Task A_program_that_writes_its_log_into_the_directory_breaks_no_seal()
    {
        using TempDirectory directory = new();
        foreach (string text in (string[])["leader", "leader\nleader", "", "x"])
        {
            await File.WriteAllTextAsync(directory["server.log"], text);
            await PutAsync(directory.Path, "a" + text);
        }

        File.Delete(directory["server.log"]);
        await PutAsync(directory.Path, "b");
    }

    [Fact]
    public async Task A_seal_of_an_earlier_version_that_names_such_a_log_refuses_nothing()
    {
        using TempDirectory directory = new();
        await PutAsync(directory.Path, "a");
        JsonNode record = JsonNode.Parse(await File.ReadAllTextAsync(directory["rave.leader"]))!;
        record["seal"]!.AsArray().Add(JsonNode.Parse("""{"name":"server.log","length":7,"hash":"00"}"""));
        await File.WriteAllTextAsync(directory["rave.leader"], record.ToJsonString());
        await PutAsync(directory.Path, "b");
    }

    [Fact]
    public async Task Such_a_log_is_not_copied_by_a_repair_not_counted_in_the_size_and_not_destroyed()
    {
        using TempDirectory directory = new();
        await File.WriteAllTextAsync(directory["server.log"], new string('x', 1 << 20));
        await using (LiveLeader leader = await LiveLeader.StartAtAsync(directory.Path))
        {
            (await leader.GetJsonAsync("/v1/status")).GetProperty("sizeOnDisk").GetInt64().ShouldBeInRange(1, 100_000);
        }

        string copy = (await RaveLevel.RepairAsync(directory.Path)).Copy;
        Directory.GetFiles(copy).ShouldNotContain(file => file.EndsWith("server.log", StringComparison.Ordinal));
        Directory.Delete(copy, recursive: true);
        await RaveLevel.DestroyAsync(directory.Path);
        File.Exists(directory["server.log"]).ShouldBeTrue();
    }

    private static async Task PutAsync(string location, string key)
    {
        await using RaveLevel db = await RaveLevel.OpenAsync(location);
        await db.PutAsync(key, "x");
    }
}
