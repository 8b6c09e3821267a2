using Rave.Client;
using Rave.Server.Files;
using Rave.Tests.Harness;

namespace Rave.Tests.Files;

// A database in another program's format is not damaged. No error calls it damaged, and no repair destroys it.
public sealed class ForeignFormatTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<byte, byte[], string> Compressions => new()
    {
        { 2, [0x28, 0xb5, 0x2f, 0xfd], "zstd (2," },
        { 2, [0x78, 0x9c], "zlib (2," },
        { 3, [], "compression number 3" },
        { 4, [], "raw zlib (4, used by Minecraft Bedrock)" },
        { 5, [], "compression number 5" },
        { 255, [], "compression number 255" },
    };

    [Fact]
    public async Task A_normal_database_is_read_and_repaired()
    {
        new ForeignFiles(_directory["db"]).Write("a", "b", "c");
        await using (RaveLevel db = await RaveLevel.OpenAsync(_directory["db"]))
        {
            (await db.GetManyAsync(["a", "c", "d"])).ShouldBe(["value of a", "value of c", null]);
        }

        (await RaveLevel.RepairAsync(_directory["db"]))
            .ShouldSatisfyAllConditions(report => report.Entries.ShouldBe(3), report => report.Lost.ShouldBeEmpty());
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public async Task An_unknown_compression_is_named_when_it_is_read_and_is_not_damage(byte number, byte[] start, string name)
    {
        new ForeignFiles(_directory["db"]) { EntryCompression = number, BlockStart = start, Compressed = block =>
            block == 1 }.Write("a", "b", "c");
        await using (RaveLevel db = await RaveLevel.OpenAsync(_directory["db"]))
        {
            (await db.GetAsync("a")).ShouldBe("value of a", "that one is not compressed");
            ShouldBeForeign(await db.GetAsync("b").AsTask().ShouldThrowAsync<RaveException>(), name);
            ShouldBeForeign(await db.CountAsync().AsTask().ShouldThrowAsync<RaveException>(), name);
        }

        await RepairIsRefusedAsync(name);
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public async Task An_unknown_compression_of_all_blocks_is_named_at_opening_and_nothing_is_written(byte number, byte[] start,
        string name)
    {
        foreach (byte ofTheIndex in (byte[])[number, 0])
        {
            new ForeignFiles(_directory["db"]) { EntryCompression = number, IndexCompression = ofTheIndex,
                BlockStart = start }.Write("a", "b");
            Dictionary<string, string> files = Contents();
            ShouldBeForeign(await RaveLevel.OpenAsync(_directory["db"]).ShouldThrowAsync<RaveException>(), name);
            Contents().ShouldBe(files);
            await RepairIsRefusedAsync(name);
        }
    }

    [Fact]
    public async Task An_unknown_compression_is_named_when_opening_reads_it()
    {
        // After the records of the sessions, which are read at opening.
        new ForeignFiles(_directory["db"]) { EntryCompression = 4, Compressed = block => block == 1 }.Write("a", "\u00ff\u00ffz");
        ShouldBeForeign(await RaveLevel.OpenAsync(_directory["db"]).ShouldThrowAsync<RaveException>(),
            "raw zlib (4, used by Minecraft Bedrock)");
    }

    [Theory]
    [InlineData("idb_cmp1")]
    [InlineData("rocksdb.ReverseBytewiseComparator")]
    [InlineData("leveldb.BytewiseComparator2")]
    public async Task Another_comparator_is_named_at_opening_and_by_a_repair(string comparator)
    {
        new ForeignFiles(_directory["db"]) { Comparator = comparator }.Write("c", "b", "a");
        ShouldBeForeign(await RaveLevel.OpenAsync(_directory["db"]).ShouldThrowAsync<RaveException>(), $"'{comparator}'");
        await RepairIsRefusedAsync($"'{comparator}'");
        await RepairIsRefusedAsync($"'{comparator}'", () => File.WriteAllText(_directory["db/CURRENT"], "MANIFEST-000099\n"));
        await RepairIsRefusedAsync($"'{comparator}'", () => File.WriteAllText(_directory["db/CURRENT"], ""));
        await RepairIsRefusedAsync($"'{comparator}'", () => File.Delete(_directory["db/CURRENT"]));
        await RepairIsRefusedAsync($"'{comparator}'", () => File.WriteAllBytes(_directory["db/000005.ldb"], []));
    }

    [Fact]
    public async Task Another_order_without_a_manifest_is_found_in_the_tables()
    {
        new ForeignFiles(_directory["db"]) { Comparator = "reverse" }.Write("c", "b", "a");
        await RepairIsRefusedAsync("sorts its keys in another order", () => File.Delete(_directory["db/MANIFEST-000004"]));
    }

    [Fact]
    public async Task Another_order_is_named_at_opening_if_a_repair_removed_its_name()
    {
        new ForeignFiles(_directory["db"]).Write("c", "b", "a");
        ShouldBeForeign(await RaveLevel.OpenAsync(_directory["db"]).ShouldThrowAsync<RaveException>(), "sorts its keys in another order");
    }

    [Theory]
    [InlineData(103, ForeignFiles.LevelDbMagic)]
    [InlineData(200, ForeignFiles.RocksDbMagic)]
    [InlineData(null, ForeignFiles.RocksDbMagic)]
    public async Task A_database_of_RocksDB_is_named_as_such(int? tag, ulong magic)
    {
        new ForeignFiles(_directory["db"]) { Tag = (ulong?)tag, Magic = magic }.Write("a", "b", "c");
        ShouldBeForeign(await RaveLevel.OpenAsync(_directory["db"]).ShouldThrowAsync<RaveException>(), "RocksDB");
        await RepairIsRefusedAsync("RocksDB");
    }

    [Fact]
    public async Task A_new_database_of_RocksDB_resembles_one_of_LevelDB_and_is_refused()
    {
        new ForeignFiles(_directory["db"]).Write("a");
        await File.WriteAllTextAsync(_directory["db/IDENTITY"], "precious");
        await using (RaveLevel db = await RaveLevel.OpenAsync(_directory["db"]))
        {
            (await db.GetAsync("a")).ShouldBe("value of a", "one such name may be anybody's");
        }

        await File.WriteAllTextAsync(_directory["db/OPTIONS-000007"], "precious");
        Dictionary<string, string> files = Contents();
        ShouldBeForeign(await RaveLevel.OpenAsync(_directory["db"]).ShouldThrowAsync<RaveException>(), "RocksDB");
        Contents().ShouldBe(files);
        await RepairIsRefusedAsync("RocksDB");
    }

    [Fact]
    public async Task A_repair_is_refused_even_if_there_is_damage_too()
    {
        new ForeignFiles(_directory["db"]) { EntryCompression = 4, Compressed = block => block == 2 }.Write("a", "b", "c");
        byte[] table = await File.ReadAllBytesAsync(_directory["db/000005.ldb"]);
        table[0] ^= 1;
        await RepairIsRefusedAsync("raw zlib", () => File.WriteAllBytes(_directory["db/000005.ldb"], table));
    }

    [Fact]
    public async Task A_flipped_bit_that_makes_another_compression_is_damage()
    {
        new ForeignFiles(_directory["db"]).Write("a", "b", "c");
        byte[] table = await File.ReadAllBytesAsync(_directory["db/000005.ldb"]);
        table[table.AsSpan().IndexOf("value of a"u8) + "value of a"u8.Length + 8] = 4;
        await File.WriteAllBytesAsync(_directory["db/000005.ldb"], table);
        await using (RaveLevel db = await RaveLevel.OpenAsync(_directory["db"]))
        {
            (await db.GetAsync("a").AsTask().ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_CORRUPTION");
        }

        RepairReport report = await RaveLevel.RepairAsync(_directory["db"]);
        report.Entries.ShouldBe(2);
        report.Lost.ShouldHaveSingleItem().File.ShouldBe("000005.ldb");
    }

    // Flipped bits are always damage, and never another format.
    [Fact]
    public void Damage_is_never_reported_as_another_format()
    {
        Random random = new(1);
        foreach (string file in (string[])["000005.ldb", "MANIFEST-000004"])
        {
            new ForeignFiles(_directory["db"]).Write("a", "b", "c", "d");
            byte[] whole = File.ReadAllBytes(_directory[$"db/{file}"]);
            for (int i = 0; i < 2_000; i++)
            {
                byte[] damaged = [.. whole];
                damaged[i % whole.Length] ^= (byte)random.Next(1, 256);
                File.WriteAllBytes(_directory[$"db/{file}"], i % 3 == 0 ? damaged[..random.Next(whole.Length)] : damaged);
                ForeignFormat.Find(_directory["db"]).ShouldBeNull($"{file}, {i}");
            }
        }
    }

    private static void ShouldBeForeign(RaveException failure, string name)
    {
        failure.Code.ShouldBe("LEVEL_IO_ERROR");
        failure.Message.ShouldContain(name);
        failure.Message.ShouldContain("The data is not damaged. ");
        failure.Message.ShouldNotContain("Stored data is damaged");
    }

    private async Task RepairIsRefusedAsync(string name, Action? before = null)
    {
        before?.Invoke();
        Dictionary<string, string> files = Contents();
        RaveException refused = await RaveLevel.RepairAsync(_directory["db"]).ShouldThrowAsync<RaveException>();
        ShouldBeForeign(refused, name);
        refused.Message.ShouldContain("A repair would destroy it, and was not started");
        Contents().ShouldBe(files);
        Directory.GetDirectories(_directory.Path).ShouldBe([_directory["db"]], "nothing is copied either");
    }

    // All files except LOCK: a repair locks it, and creates it if it is missing. It is empty.
    private Dictionary<string, string> Contents() =>
        FileNames.In(_directory["db"]).Except(["LOCK"]).Order(StringComparer.Ordinal)
            .ToDictionary(name => name, name => Convert.ToHexString(File.ReadAllBytes(_directory[$"db/{name}"])));
}
