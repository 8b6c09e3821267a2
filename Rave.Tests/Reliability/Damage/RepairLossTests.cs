using System.Globalization;
using System.Text.Json;
using Rave.Client;
using Rave.Server.Files;
using Rave.Server.LevelDb;
using Rave.Server.Location;
using Rave.Server.Protocol;
using Rave.Server.Storage;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// A repair reports what it kept and lost. This is compared with what can be read before and after.
public sealed class RepairLossTests : IDisposable
{
    private const int Entries = 2_000;
    private static readonly byte[] Record = [1, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_repair_without_losses_reports_none_and_keeps_the_records_of_sessions()
    {
        byte[] session = [.. ReservedKeys.Prefix, .. "a session of somebody"u8];
        await FillAsync();
        using (LevelDatabase database = LevelDatabase.Open(_directory["db"], new(), create: false))
        {
            database.Put(session, Record, sync: true);
        }

        RepairReport report = await RaveLevel.RepairAsync(_directory["db"]);
        report.Lost.ShouldBeEmpty();
        report.Entries.ShouldBe(Entries);
        report.Tables.ShouldBe(2);
        report.OrderKnown.ShouldBeTrue();
        report.Moved.ShouldContain(name => name.StartsWith("MANIFEST-", StringComparison.Ordinal));
        report.Moved.ShouldAllBe(name => File.Exists(Path.Combine(report.MovedTo, name)));
        using LevelDatabase repaired = LevelDatabase.Open(_directory["db"], new(), create: false);
        repaired.Get(session).ShouldBe(Record);
    }

    [Theory]
    [InlineData("a block", 1, "has 1 damaged blocks of ")]
    [InlineData("cut", Entries, "has a damaged index, so none of its entries can be read")]
    [InlineData("empty", Entries, "is empty")]
    [InlineData("missing", Entries, "is missing")]
    [InlineData("garbage", Entries, "has a damaged index, so none of its entries can be read")]
    public async Task Losses_from_a_damaged_table_are_reported(string damage, int most, string reason)
    {
        await FillAsync();
        string table = FileNames.In(_directory["db"], FileKind.Table).ShouldHaveSingleItem();
        byte[] whole = await File.ReadAllBytesAsync(_directory[$"db/{table}"]);
        switch (damage)
        {
            case "a block": whole[whole.Length / 3] ^= 0x10; break;
            case "cut": whole = whole[..(whole.Length / 2)]; break;
            case "empty": whole = []; break;
            case "garbage": new Random(1).NextBytes(whole); break;
            default: break;
        }

        long size = new FileInfo(_directory[$"db/{table}"]).Length;
        await File.WriteAllBytesAsync(_directory[$"db/{table}"], whole);
        if (damage == "missing")
        {
            File.Delete(_directory[$"db/{table}"]);
        }

        (int exit, string output, string errors) = await RunAsync("--json");
        exit.ShouldBe(4, errors);
        RepairReport report = JsonSerializer.Deserialize(output, RaveJson.Default.RepairReport)!;
        RepairLoss loss = report.Lost.ShouldHaveSingleItem();
        loss.File.ShouldBe(table);
        loss.Reason.ShouldStartWith($"{table} {reason}");
        loss.Bytes!.Value.ShouldBeInRange(1, size);
        if (most == Entries)
        {
            loss.Bytes.ShouldBe(size, "as the MANIFEST says");
        }

        string[] left = await ReadAsync();
        report.Entries.ShouldBe(left.Length);
        left.Length.ShouldBeInRange(most == Entries ? 0 : Entries - 100, most == Entries ? 0 : Entries - 1);
        File.Exists(Path.Combine(report.Copy, table)).ShouldBe(damage != "missing");
        report.Moved.Contains(table).ShouldBe(damage != "missing");
    }

    // LevelDB's own repair looks at no checksum in a log.
    [Fact]
    public async Task A_damaged_write_in_a_log_is_lost_and_never_kept_as_another_value()
    {
        await FillAsync(compact: false);
        string log = _directory[$"db/{FileNames.In(_directory["db"], FileKind.Log).ShouldHaveSingleItem()}"];
        byte[] whole = await File.ReadAllBytesAsync(log);
        byte[][] damaged = [.. new[] { 3, 700, 701, 1_400 }.Select(i => System.Text.Encoding.ASCII.GetBytes(Key(i)))];
        foreach (byte[] key in damaged)
        {
            whole[whole.AsSpan().IndexOf(key) + key.Length + 5] ^= 1;
        }

        await File.WriteAllBytesAsync(log, whole);
        RepairReport report = await RaveLevel.RepairAsync(_directory["db"]);
        RepairLoss loss = report.Lost.ShouldHaveSingleItem();
        loss.File.ShouldBe(Path.GetFileName(log));
        loss.Bytes!.Value.ShouldBeInRange(damaged.Length * 100, damaged.Length * 1_000);
        report.Entries.ShouldBe(Entries - damaged.Length);
        (await ReadAsync()).Length.ShouldBe(Entries - damaged.Length);
        (await File.ReadAllBytesAsync(Path.Combine(report.Copy, Path.GetFileName(log)))).ShouldBe(whole);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("cut")]
    [InlineData("zeros")]
    public async Task Missing_writes_of_a_log_that_was_closed_are_reported_as_lost(string damage)
    {
        await FillAsync(compact: false);
        string log = _directory[$"db/{FileNames.In(_directory["db"], FileKind.Log).ShouldHaveSingleItem()}"];
        byte[] whole = await File.ReadAllBytesAsync(log);
        int half = whole.Length / 2;
        await File.WriteAllBytesAsync(log, damage switch
        {
            "cut" => whole[..half],
            "zeros" => [.. whole[..half], .. new byte[whole.Length - half]],
            _ => [],
        });
        if (damage == "missing")
        {
            File.Delete(log);
        }

        (int exit, string output, _) = await RunAsync();
        exit.ShouldBe(4);
        output.ShouldStartWith($"repaired {_directory["db"]} with losses\ncopy {_directory["db"]}.before-repair-");
        string[] lines = output.Split('\n');
        int left = (await ReadAsync()).Length;
        lines[2].ShouldBe($"kept {left} entries in {(left > 0 ? "1 table" : "0 tables")}");
        lines[3].ShouldStartWith("lost ");
        lines[3].ShouldContain(Path.GetFileName(log));
        left.ShouldBeLessThan(Entries);
    }

    [Fact]
    public async Task Without_a_manifest_a_repair_reports_that_the_order_of_keys_is_assumed()
    {
        await FillAsync();
        FileNames.In(_directory["db"], FileKind.Manifest).ToList().ForEach(name => File.Delete(_directory[$"db/{name}"]));
        (int exit, string output, _) = await RunAsync();
        exit.ShouldBe(0);
        output.ShouldContain($"kept {Entries} entries");
        output.ShouldContain("unknown order: ");
    }

    [Theory]
    [InlineData("LEVEL_CORRUPTION", "CURRENT")]
    [InlineData("LEVEL_CORRUPTION", "MANIFEST-000004")]
    [InlineData("LEVEL_DATABASE_NOT_OPEN", "LOG")]
    [InlineData("LEVEL_DATABASE_NOT_OPEN", "server.log")]
    public async Task A_repair_with_nothing_to_rescue_creates_no_empty_database(string code, string file)
    {
        Directory.CreateDirectory(_directory["db"]);
        await File.WriteAllTextAsync(_directory[$"db/{file}"], "MANIFEST-000004\n");
        (await RaveLevel.RepairAsync(_directory["db"]).ShouldThrowAsync<RaveException>()).Code.ShouldBe(code);
        // A repair locks LOCK, and creates it if it is missing.
        FileNames.In(_directory["db"]).Except([file, "LOCK"]).ShouldBeEmpty();
        Directory.GetDirectories(_directory.Path).ShouldBe([_directory["db"]]);
    }

    [Fact]
    [Needs(Need.Root)]
    public async Task A_repair_on_a_full_disk_leaves_the_database_unchanged()
    {
        await using SmallDisk disk = await SmallDisk.MountAsync(megabytes: 8);
        string location = disk["db"];
        byte[] value = new byte[3 << 20];
        new Random(1).NextBytes(value);
        await using (RaveLevel<string, byte[]> db = await RaveLevel.OpenAsync(location, Encodings.Utf8, Encodings.Bytes))
        {
            await db.PutAsync("a", value);
        }

        Dictionary<string, long> before = FileNames.In(location)
            .ToDictionary(name => name, name => new FileInfo(Path.Combine(location, name)).Length);
        // There is space for the copy, but not for the table of the log.
        RaveException failed = await RaveLevel.RepairAsync(location).ShouldThrowAsync<RaveException>();
        failed.Code.ShouldBe("LEVEL_IO_ERROR");
        failed.Message.ShouldContain("could not be repaired, and is as it was: ");
        FileNames.In(location).ToDictionary(name => name, name => new FileInfo(Path.Combine(location, name)).Length)
            .ShouldBe(before, ignoreOrder: true);
        Directory.GetDirectories(disk.Path).ShouldBe([location]);
        await using RaveLevel<string, byte[]> again = await RaveLevel.OpenAsync(location, Encodings.Utf8, Encodings.Bytes);
        (await again.GetAsync("a")).ShouldBe(value);
    }

    [Fact]
    public async Task Inspecting_a_database_before_a_repair_releases_no_lock()
    {
        await FillAsync();
        using LevelDatabase open = LevelDatabase.Open(_directory["db"], new(), create: false);
        using DatabaseLocation location = DatabaseLocation.Resolve(_directory["db"], create: false);
        ForeignFormat.Find(location.Directory).ShouldBeNull();
        DamageCheck.Of(location, TestContext.Current.CancellationToken).Lost.ShouldBeEmpty();
        LockHolder.Find(_directory["db/LOCK"], LockHolder.Posix).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_cancelled_repair_has_changed_nothing()
    {
        await FillAsync();
        string[] before = [.. FileNames.In(_directory["db"]).Order()];
        await Should.ThrowAsync<OperationCanceledException>(
            RaveLevel.RepairAsync(_directory["db"], cancellationToken: new(canceled: true)));
        FileNames.In(_directory["db"]).Order().ShouldBe(before);
    }

    private static string Key(int i) =>
        string.Create(CultureInfo.InvariantCulture, $"entry {i:000000}, whose key is long enough for an index that compresses well");

    private static string Value(int i) => new Random(i).GetHexString(100);

    private async Task FillAsync(bool compact = true)
    {
        await using RaveLevel db = await RaveLevel.OpenAsync(_directory["db"]);
        for (int i = 0; i < Entries; i++)
        {
            await db.PutAsync(Key(i), Value(i));
        }

        if (compact)
        {
            await db.CompactRangeAsync();
        }
    }

    // The keys that are there, each with its own value.
    private async Task<string[]> ReadAsync()
    {
        await using RaveLevel db = await RaveLevel.OpenAsync(_directory["db"], new() { CreateIfMissing = false });
        Dictionary<string, string> values = Enumerable.Range(0, Entries).ToDictionary(Key, Value);
        List<string> keys = [];
        await foreach ((string key, string value) in db.Iterate())
        {
            value.ShouldBe(values[key]);
            keys.Add(key);
        }

        return [.. keys];
    }

    private async Task<(int Exit, string Output, string Errors)> RunAsync(params string[] options)
    {
        await using ChildProcess repair = ChildProcess.StartServer(_directory["db"], ["--repair", .. options]);
        int exit = await repair.WaitForExitAsync();
        return (exit, await repair.ReadToEndAsync(), await repair.Errors);
    }
}
