using Rave.Client;
using Rave.Server.Engine;
using Rave.Server.Storage;
using Rave.Tests.Harness;

namespace Rave.Tests.Storage;

// Concurrent writers, and a consumer that subscribes, reads the stored entries and applies the reported changes.
// In the end, it must have exactly the stored entries.
public sealed class ChangeModelTests(ITestOutputHelper output)
{
    private const int Rounds = 10;
    private const int Writers = 6;

    // Few steps between two comparisons, so that no fault is overwritten before it is seen.
    private const int Phases = 30;
    private const int Steps = 10;
    private static readonly byte[] End = [0xff];

    [Fact]
    public async Task A_consumer_of_the_feed_has_what_is_stored()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        int clears = 0;
        for (int round = 0; round < Rounds; round++)
        {
            clears += await RoundAsync(seed + (round * Writers));
        }

        output.WriteLine($"{clears} ranges");
        clears.ShouldBePositive("no clear was reported as a range");
    }

    // The number of reported ranges.
    private static async Task<int> RoundAsync(int seed)
    {
        using TempDirectory directory = new();
        await using LevelStore store = LevelStore.Open(directory.Path, new(), create: true, new Limits(), TimeProvider.System);
        Random[] randoms = [.. Enumerable.Range(0, Writers).Select(i => new Random(seed + i))];
        Task writing = WriteAsync(store, randoms);
        using IChangeSubscription feed = await store.SubscribeAsync(RangeBounds.All.ToRange(), after: null, CancellationToken.None);
        // The start of the feed. A write may have come in between.
        Consumer consumer = new(feed.Place!.Value.Position);
        store.ReadPage(new Scan(), int.MaxValue, (key, value) => consumer.Entries[Convert.ToHexString(key)] = value.ToArray());
        for (int phase = 0; phase < Phases; phase++)
        {
            Task consuming = Task.Run(async () =>
            {
                while (!consumer.Read(feed))
                {
                    await feed.WaitAsync(CancellationToken.None);
                }
            });
            await writing;
            await store.PutAsync(End, End, sync: false);
            await consuming.Soon();
            SortedDictionary<string, byte[]> stored = new(StringComparer.Ordinal);
            store.ReadPage(new Scan(), int.MaxValue, (key, value) => stored[Convert.ToHexString(key)] = value.ToArray());
            consumer.Entries.Select(Describe).ShouldBe(stored.Select(Describe));
            writing = WriteAsync(store, randoms);
        }

        await writing;
        return consumer.Ranges;
    }

    private static string Describe(KeyValuePair<string, byte[]> entry) => $"{entry.Key}={Convert.ToHexString(entry.Value)}";

    private static Task WriteAsync(LevelStore store, Random[] randoms) =>
        Task.WhenAll(randoms.Select(random => Task.Run(() => WriteAsync(store, random))));

    private static async Task WriteAsync(LevelStore store, Random random)
    {
        for (int step = 0; step < Steps; step++)
        {
            byte[] key = [(byte)random.Next(40)];
            byte[] value = BitConverter.GetBytes(random.Next());
            switch (random.Next(8))
            {
                case 0:
                    await store.DeleteAsync(key, sync: false);
                    break;
                case 1 or 2:
                    using (StoreBatch batch = new(store.Limits))
                    {
                        // The same value in the whole batch, so that a reader sees what belongs together.
                        batch.Put(key, value).Delete([(byte)random.Next(40)]).Put([(byte)random.Next(40)], value);
                        await store.WriteAsync(batch, sync: random.Next(100) == 0);
                    }

                    break;
                case 3:
                    string? snapshot = random.Next(3) == 0 ? store.Snapshots.Open(TimeSpan.FromMinutes(1)).Id : null;
                    Scan scan = new()
                    {
                        Bounds = new(Gte: key, Lt: [(byte)(key[0] + 20)]),
                        Reverse = random.Next(2) == 0,
                        Limit = random.Next(2) == 0 ? Scan.Unlimited : random.Next(4),
                        Snapshot = snapshot,
                    };
                    await store.ClearAsync(scan, sync: false, CancellationToken.None);
                    if (snapshot is not null)
                    {
                        store.Snapshots.End(snapshot);
                    }

                    break;
                default:
                    await store.PutAsync(key, value, sync: false);
                    break;
            }
        }
    }

    private sealed class Consumer(ChangePosition begin)
    {
        private ChangePosition _last = new(begin.Sequence, 0);
        private bool _within;
        private byte[]? _value;

        internal SortedDictionary<string, byte[]> Entries { get; } = new(StringComparer.Ordinal);

        internal int Ranges { get; private set; }

        // Whether it has ended.
        internal bool Read(IChangeSubscription feed)
        {
            while (feed.TryRead(out Change change))
            {
                CheckPlace(change);
                Apply(change);
                if (change.Key.SequenceEqual(End))
                {
                    return true;
                }
            }

            return false;
        }

        // One sequence a batch, one index a change, and nothing left out.
        private void CheckPlace(Change change)
        {
            ChangePosition place = change.Place.Position;
            (long sequence, int index) = place;
            place.ShouldBe(_within ? new(_last.Sequence, _last.Index + 1) : new(_last.Sequence + 1, 0));
            _value = index == 0 ? null : _value;
            _within = !change.IsLast;
            _last = new(sequence, index);
        }

        private void Apply(Change change)
        {
            string key = Convert.ToHexString(change.Key);
            switch (change.Type)
            {
                case ChangeType.Put:
                    Entries[key] = change.Value.ToArray();
                    (_value ?? Entries[key]).ShouldBe(Entries[key]);
                    _value = Entries[key];
                    break;
                case ChangeType.Delete:
                    Entries.Remove(key);
                    break;
                case ChangeType.Clear:
                    string to = Convert.ToHexString(change.Value);
                    foreach (string cleared in Entries.Keys.Where(known =>
                        string.CompareOrdinal(known, key) >= 0 && string.CompareOrdinal(known, to) <= 0).ToList())
                    {
                        Entries.Remove(cleared);
                    }

                    Ranges++;
                    break;
                default:
                    throw new InvalidOperationException("A gap although nothing was lost.");
            }
        }
    }
}
