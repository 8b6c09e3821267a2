using Rave.Client;
using Rave.Server.Engine;
using Rave.Tests.Harness;
using Rave.Tests.Storage;

namespace Rave.Tests.Reliability;

// One block of a table is damaged. LevelDB skips it and continues. RaveLevel must not.
public sealed class DamagedBlockTests
{
    private const int Entries = 2_000;

    private static readonly string[] Lines = [.. Enumerable.Range(0, Entries)
        .Select(i => $$"""{"key":"{{Key(i)}}","value":"{{Value(i)}}"}""")];

    [Fact]
    public async Task Rave_scan_ends_with_an_error_and_prints_nothing_after_the_damage()
    {
        using TempDirectory directory = new();
        await FillAsync(directory["db"]);
        Damage(directory["db"]);
        await using ChildProcess scan = ChildProcess.StartRave("scan", directory["db"]);
        string[] printed = (await scan.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        (await scan.WaitForExitAsync()).ShouldBe(3);
        (await scan.Errors).ShouldContain("damaged");
        printed.Length.ShouldBeInRange(1, Entries - 1);
        printed.ShouldBe(Lines.Take(printed.Length));
    }

    [Fact]
    public async Task A_scan_that_continues_at_the_next_leader_does_not_skip_the_damage()
    {
        using TempDirectory directory = new();
        await FillAsync(directory["db"]);
        Damage(directory["db"]);
        await using LiveLeader leader = await LiveLeader.StartAtAsync(directory["db"]);
        await using RaveLevel db = await RaveLevel.OpenAsync(directory["db"]);
        await using RangeIterator<string, string> iterator = db.Iterator();
        List<string> read = [.. (await iterator.NextManyAsync(50)).Select(entry => entry.Key)];
        await leader.Process.KillAsync();
        RaveException failure = await Should.ThrowAsync<RaveException>(async () =>
        {
            while (await iterator.NextManyAsync(50) is { Count: > 0 } some)
            {
                read.AddRange(some.Select(entry => entry.Key));
            }
        });
        failure.Code.ShouldBe(ErrorCodes.Corruption);
        db.IsLeader.ShouldBeTrue();
        read.Count.ShouldBeLessThan(Entries);
        read.ShouldBe(Enumerable.Range(0, read.Count).Select(Key));
    }

    [Fact]
    public async Task Only_reads_of_damaged_data_fail_among_the_reads_of_a_request()
    {
        using TempDirectory directory = new();
        await FillAsync(directory["db"]);
        Damage(directory["db"]);
        await using LiveLeader leader = await LiveLeader.StartAtAsync(directory["db"]);
        await using RaveLevel db = await RaveLevel.OpenAsync(directory["db"], new() { CanLead = false });
        // At once, so that they share requests.
        Task<string?>[] reads = [.. Enumerable.Range(0, Entries).Select(i => db.GetAsync(Key(i)).AsTask())];
        int damaged = 0;
        for (int i = 0; i < Entries; i++)
        {
            try
            {
                (await reads[i].Soon()).ShouldBe(Value(i));
            }
            catch (RaveException failure) when (failure.Code == ErrorCodes.Corruption)
            {
                damaged++;
            }
        }

        // A block of 4 KiB has fewer entries.
        damaged.ShouldBeInRange(1, 100);
    }

    [Fact]
    public async Task A_database_with_unreadable_session_records_is_not_led()
    {
        using TempDirectory directory = new();
        const int sessions = 500;
        await using (LevelStore store = Open(directory["whole"]))
        {
            for (int i = 0; i < sessions; i++)
            {
                await store.PutAsync(new byte[] { (byte)i }, new byte[] { 1 }, sync: false,
                    new SessionWrite(new($"a-session-of-a-test-{i:0000}", 1)));
            }

            // After all of them: a walk over the records reaches it, also if blocks were skipped.
            await store.PutAsync(new byte[] { 0xff, 0xff, 0xff }, new byte[] { 1 }, sync: false);
            await store.CompactAsync(new(null, null), CancellationToken.None);
        }

        byte[] whole = await File.ReadAllBytesAsync(TableOf(directory["whole"]));
        int refused = 0;
        foreach ((int start, int length) in TableBlocks.Of(whole))
        {
            File.WriteAllBytes(TableOf(directory["whole"]),
                [.. whole[..(start + (length / 2))], (byte)(whole[start + (length / 2)] ^ 1), .. whole[(start + (length / 2) + 1)..]]);
            try
            {
                await using LevelStore store = Open(directory["whole"]);
                // The block has none of them.
                store.SessionCount.ShouldBe(sessions);
            }
            catch (RaveException failure)
            {
                failure.Code.ShouldBe(ErrorCodes.Corruption);
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(2);
    }

    private static LevelStore Open(string location) =>
        LevelStore.Open(Directory.CreateDirectory(location).FullName, new() { Compression = false }, create: true, new Limits(),
            TimeProvider.System);

    // In one table.
    private static async Task FillAsync(string location)
    {
        await using RaveLevel db = await RaveLevel.OpenAsync(location);
        WriteBatch<string, string> batch = db.Batch();
        for (int i = 0; i < Entries; i++)
        {
            batch.Put(Key(i), Value(i));
        }

        await batch.WriteAsync();
        await db.CompactRangeAsync();
    }

    // At two thirds of its table.
    private static void Damage(string location)
    {
        string table = TableOf(location);
        byte[] bytes = File.ReadAllBytes(table);
        (int start, int length) = TableBlocks.Of(bytes).First(block => block.Start > bytes.Length * 2 / 3);
        bytes[start + (length / 2)] ^= 0x41;
        File.WriteAllBytes(table, bytes);
    }

    private static string TableOf(string location) => Directory.GetFiles(location, "*.ldb").ShouldHaveSingleItem();

    private static string Key(int i) => $"k{i:000000}";

    private static string Value(int i) => new Random(i).GetHexString(100, lowercase: true);
}
