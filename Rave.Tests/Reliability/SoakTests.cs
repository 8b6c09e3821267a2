using System.Diagnostics;
using System.Globalization;
using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// RAVE_CHAOS=1: a leader under mixed load for RAVE_SOAK_MINUTES (20). Its figures are printed every minute and must not grow.
public sealed class SoakTests
{
    private const int Callers = 8;
    private const int Keys = 5000;

    [Fact]
    [Needs(Need.LongRun)]
    public async Task Memory_descriptors_and_threads_of_a_leader_stay_flat_under_mixed_load()
    {
        double minutes = double.Parse(Environment.GetEnvironmentVariable("RAVE_SOAK_MINUTES") ?? "20", CultureInfo.InvariantCulture);
        await using LiveLeader leader = await LiveLeader.StartAsync();
        await using RaveLevel db = await RaveLevel.OpenAsync(leader.Location, new() { CanLead = false });
        await FillBlockCacheAsync(db);
        List<(long Memory, int Descriptors, int Threads)> figures = [];
        Stopwatch watch = Stopwatch.StartNew();
        int minute = 0;
        while (watch.Elapsed.TotalMinutes < minutes)
        {
            minute++;
            long operations = (await Task.WhenAll(Enumerable.Range(0, Callers)
                .Select(caller => WorkAsync(db, leader.Location, new(caller), () =>
                watch.Elapsed.TotalMinutes < Math.Min(minute, minutes))))).Sum();
            string process = $"/proc/{leader.Process.Id}";
            figures.Add((leader.Process.PrivateMemory() >> 20, Directory.GetFiles($"{process}/fd").Length,
                Directory.GetDirectories($"{process}/task").Length));
            TestContext.Current.SendDiagnosticMessage(
                "minute {0}: {1} operations, {2} MB, {3} of them LevelDB's, {4} descriptors, {5} threads",
                minute, operations, figures[^1].Memory, await HeldByLevelDbAsync(db) >> 20, figures[^1].Descriptors, figures[^1].Threads);
        }

        // The first minute fills buffers and pools.
        (figures[^1].Memory - figures[0].Memory).ShouldBeLessThan(12);
        (figures[^1].Descriptors - figures[0].Descriptors).ShouldBeLessThan(64);
        (figures[^1].Threads - figures[0].Threads).ShouldBeLessThan(16);
    }

    // LevelDB caches the blocks that it had to decompress, and few blocks of this load are compressed. The cache would grow for many
    // minutes and hide other growth.
    private static async Task FillBlockCacheAsync(RaveLevel db)
    {
        string value = new('a', 1000);
        for (int batch = 0; batch < 40; batch++)
        {
            await db.BatchAsync(Enumerable.Range(0, 1000).Select(i => BatchOperation.Put($"warm {batch:d2} {i:d3}", value)));
        }

        // The contents of the write buffer are not in a block.
        await db.CompactRangeAsync();
        await db.Iterate(new() { Gte = "warm" }).CountAsync();
        (await HeldByLevelDbAsync(db)).ShouldBeGreaterThan(new LevelDbOptions().CacheSize / 10 * 9);
    }

    // Its block cache and write buffers.
    private static async Task<long> HeldByLevelDbAsync(RaveLevel db) =>
        long.Parse((await db.GetPropertyAsync("leveldb.approximate-memory-usage")).ShouldNotBeNull(), CultureInfo.InvariantCulture);

    private static async Task<long> WorkAsync(RaveLevel db, string location, Random random, Func<bool> goesOn)
    {
        long operations = 0;
        for (; goesOn(); operations++)
        {
            string key = random.Next(Keys).ToString("d6", CultureInfo.InvariantCulture);
            switch (random.Next(200))
            {
                case < 90:
                    await db.GetAsync(key);
                    break;
                case < 170:
                    await db.PutAsync(key, random.GetHexString(random.Next(2000)));
                    break;
                case < 180:
                    await db.DeleteAsync(key);
                    break;
                case < 190:
                    await db.PutIfAbsentAsync(key, "absent");
                    break;
                case < 195:
                    await db.Iterate(new() { Gte = key, Limit = 50 }).CountAsync();
                    break;
                case < 197:
                    await using (Snapshot snapshot = await db.SnapshotAsync())
                    {
                        await db.GetAsync(key, new() { Snapshot = snapshot });
                    }

                    break;
                case 197:
                    await db.ClearAsync(new() { Gte = key, Limit = 20 });
                    break;
                default:
                    // A handle opens, writes and closes, and so do its session and its stream.
                    await using (RaveLevel other = await RaveLevel.OpenAsync(location, new() { CanLead = false }))
                    {
                        await other.PutAsync(key, "other");
                    }

                    break;
            }
        }

        return operations;
    }
}
