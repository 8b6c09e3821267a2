using Rave.Client;
using Rave.Server.LevelDb;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

public sealed class MaintenanceTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sizes_properties_and_compaction_work_on_every_handle(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        Sublevel<long, byte[]> blobs = db.Sublevel("blobs", Encodings.Int64, Encodings.Bytes);
        await blobs.BatchAsync(Enumerable.Range(0, 100).Select(i => BatchOperation.Put((long)i, Noise(i))));
        (await blobs.ApproximateSizeAsync()).ShouldBe(0, "it is still in memory");

        await blobs.CompactRangeAsync();
        long all = await db.ApproximateSizeAsync();
        all.ShouldBeGreaterThan(900_000);
        (await blobs.ApproximateSizeAsync(50, 100)).ShouldBeInRange(all / 3, all * 2 / 3);
        (await db.ApproximateSizeAsync("a", "z")).ShouldBe(0);

        await blobs.ClearAsync();
        await db.CompactRangeAsync();
        (await db.ApproximateSizeAsync()).ShouldBeLessThan(all / 10);

        (await db.GetPropertyAsync("leveldb.stats"))!.ShouldContain("Compactions");
        (await db.GetPropertyAsync("no such/property")).ShouldBeNull();
    }

    [Fact]
    public async Task Maintenance_continues_with_the_next_leader()
    {
        using TempDirectory directory = new();
        RaveLevel leader = await RaveLevel.OpenAsync(directory["db"]);
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"]);
        await follower.PutAsync("a", "1");
        Task closing = leader.CloseAsync();
        await follower.CompactRangeAsync().AsTask().Soon();
        (await follower.GetPropertyAsync("leveldb.stats").AsTask().Soon()).ShouldNotBeNull();
        await closing;
    }

    [Fact]
    public async Task A_database_is_destroyed_and_repaired_only_while_nobody_has_it_open()
    {
        using TempDirectory directory = new();
        await using (RaveLevel db = await RaveLevel.OpenAsync(directory["db"]))
        {
            await db.PutAsync("a", "1");
            (await RaveLevel.DestroyAsync(directory["db"]).ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_LOCKED");
            RaveException refused = await RaveLevel.RepairAsync(directory["db"]).ShouldThrowAsync<RaveException>();
            refused.Code.ShouldBe("LEVEL_LOCKED");
            refused.Message.ShouldContain($"process {Environment.ProcessId}");
            (await db.GetAsync("a")).ShouldBe("1");
        }

        using (LevelDatabase foreigner = LevelDatabase.Open(directory["db"], new(), create: false))
        {
            (await RaveLevel.DestroyAsync(directory["db"]).ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_LOCKED");
            (await RaveLevel.RepairAsync(directory["db"]).ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_LOCKED");
        }

        File.WriteAllText(directory["db/notes.txt"], "precious");
        await RaveLevel.DestroyAsync(directory["db"]);
        File.ReadAllText(directory["db/notes.txt"]).ShouldBe("precious");
        await RaveLevel.OpenAsync(directory["db"], new() { CreateIfMissing = false }).ShouldThrowAsync<RaveException>();
        await using RaveLevel anew = await RaveLevel.OpenAsync(directory["db"]);
        (await anew.CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Where_there_is_no_database_nothing_is_created()
    {
        using TempDirectory directory = new();
        Directory.CreateDirectory(directory["empty"]);
        foreach (string path in (string[])[directory["none"], directory["empty"]])
        {
            await RaveLevel.DestroyAsync(path);
            (await RaveLevel.RepairAsync(path).ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_DATABASE_NOT_OPEN");
        }

        Directory.EnumerateFileSystemEntries(directory.Path, "*", SearchOption.AllDirectories).ShouldBe([directory["empty"]]);
    }

    [Fact]
    public async Task A_damaged_database_is_copied_and_then_repaired()
    {
        using TempDirectory directory = new();
        await using (RaveLevel db = await RaveLevel.OpenAsync(directory["db"]))
        {
            await db.PutAsync("a", "1");
            await db.CompactRangeAsync();
            await db.PutAsync("b", "2");
        }

        File.Delete(directory["db/CURRENT"]);
        (await RaveLevel.OpenAsync(directory["db"]).ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_CORRUPTION");

        string[] before = [.. Directory.GetFiles(directory["db"], "0*").Select(path => Path.GetFileName(path)).Order()];
        string copy = (await RaveLevel.RepairAsync(directory["db"], new() { Compression = false })).Copy;
        Directory.GetFiles(copy, "0*").Select(path => Path.GetFileName(path)).Order().ShouldBe(before);
        File.GetUnixFileMode(copy).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Exists(Path.Combine(copy, "LOCK")).ShouldBeFalse();

        await using RaveLevel repaired = await RaveLevel.OpenAsync(directory["db"], new() { CreateIfMissing = false });
        (await repaired.Iterate().ToArrayAsync()).ShouldBe([new("a", "1"), new("b", "2")]);
    }

    // Bytes that do not compress.
    private static byte[] Noise(int seed)
    {
        byte[] bytes = new byte[10_000];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
