using Rave.Client;
using Rave.Client.Telemetry;
using Rave.Tests.Harness;
using Rave.Tests.Leadership;

namespace Rave.Tests.Client;

// Counts allocations. No other test runs at the same time, because its listeners to traces or metrics would be listeners to these handles
// too.
[Collection<AloneInTheProcess>]
public sealed class AllocationTests
{
    private const int Calls = 5_000;

    [Fact]
    public async Task A_leader_that_reads_bytes_allocates_only_the_result()
    {
        using TempDirectory directory = new();
        await using RaveLevel<byte[], byte[]> db = await RaveLevel.OpenAsync(directory["db"], Encodings.Bytes, Encodings.Bytes);
        await db.PutAsync([1], new byte[100]);

        // An array's header, type and length are a pointer each.
        BytesOfAGet(db, [1], found: true).ShouldBe(Rounded((3 * IntPtr.Size) + 100));
        BytesOfAGet(db, [2], found: false).ShouldBe(0);
    }

    [Fact]
    public async Task A_leader_that_reads_text_allocates_only_the_string()
    {
        using TempDirectory directory = new();
        await using RaveLevel db = await RaveLevel.OpenAsync(directory["db"]);
        Sublevel<string, string> part = db.Sublevel("part");
        await db.PutAsync("a", new string('x', 50));
        await part.PutAsync("a", new string('x', 50));

        // A string's header and type are a pointer each, then its length, its characters and a zero.
        long text = Rounded((2 * IntPtr.Size) + sizeof(int) + (51 * sizeof(char)));
        BytesOfAGet(db, "a", found: true).ShouldBe(text);
        BytesOfAGet(part, "a", found: true).ShouldBe(text);
        BytesOfAGet(db, "b", found: false).ShouldBe(0);
    }

    [Fact]
    public async Task A_leader_that_writes_allocates_nothing()
    {
        using TempDirectory directory = new();
        await using RaveLevel<byte[], byte[]> db = await RaveLevel.OpenAsync(directory["db"], Encodings.Bytes, Encodings.Bytes);
        byte[] key = [1];
        byte[] value = new byte[100];
        BytesOf(() => db.PutAsync(key, value)).ShouldBe(0);
        BytesOf(() => db.DeleteAsync(key)).ShouldBe(0);

        Sublevel<string, string> text = db.Sublevel("text");
        BytesOf(() => text.PutAsync("key", "value")).ShouldBe(0);
        Sublevel<string, string> hex = db.Sublevel("hex", Encodings.Hex, Encodings.Base64);
        BytesOf(() => hex.PutAsync("00ff", "AAAA")).ShouldBe(0);
#if !DEBUG
        // A build that is not optimized boxes value types to look whether they are null.
        Sublevel<long, DateTimeOffset> numbers = db.Sublevel("numbers", Encodings.Int64, Encodings.DateTimeOffset);
        BytesOf(() => numbers.PutAsync(-1, DateTimeOffset.MaxValue)).ShouldBe(0);
#endif
    }

    [Fact]
    public async Task A_leader_that_looks_up_a_key_allocates_nothing()
    {
        using TempDirectory directory = new();
        await using RaveLevel db = await RaveLevel.OpenAsync(directory["db"]);
        await db.PutAsync("a", new string('x', 1000));
        BytesOf(() => db.HasAsync("a"), found => found == true).ShouldBe(0);
        BytesOf(() => db.HasAsync("b"), found => found == false).ShouldBe(0);
    }

    [Fact]
    public async Task A_leader_that_reads_many_allocates_the_results_and_a_constant()
    {
        using TempDirectory directory = new();
        await using RaveLevel<byte[], byte[]> db = await RaveLevel.OpenAsync(directory["db"], Encodings.Bytes, Encodings.Bytes);
        await db.PutAsync([1], new byte[100]);
        double few = OfKeys(2);
        few.ShouldBeLessThanOrEqualTo(500);
        OfKeys(200).ShouldBe(few);

        // Without the array of values, and the values.
        double OfKeys(int count)
        {
            byte[][] keys = [.. Enumerable.Repeat<byte[]>([1], count)];
            long results = (3 * IntPtr.Size) + (count * (IntPtr.Size + Rounded((3 * IntPtr.Size) + 100)));
            return BytesOf(() => db.GetManyAsync(keys), values => values.Length == count) - results;
        }
    }

    [Fact]
    public async Task Without_a_listener_nothing_is_measured_or_allocated()
    {
        using TempDirectory directory = new();
        await using RaveLevel db = await RaveLevel.OpenAsync(directory["db"]);
        Observation.IsOn.ShouldBeFalse();
        Measure(() => Observation.Start("get", db.Database) is null && Tracing.Current is null).ShouldBe(0);
    }

    private static long Rounded(int bytes) => (bytes + IntPtr.Size - 1) / IntPtr.Size * IntPtr.Size;

    private static double BytesOfAGet<TKey, TValue>(AbstractLevel<TKey, TValue> level, TKey key, bool found)
        where TValue : class =>
        BytesOf(() => level.GetAsync(key), value => value is not null == found);

    private static double BytesOf(Func<ValueTask> call) => Measure(() =>
    {
        ValueTask done = call();
        return done.IsCompletedSuccessfully;
    });

    private static double BytesOf<T>(Func<ValueTask<T>> call, Predicate<T> isRight) => Measure(() =>
    {
        ValueTask<T> done = call();
        return done.IsCompletedSuccessfully && isRight(done.Result);
    });

    // The average is exact only if every call allocates the same. It takes the middle of three runs: if a collection falls into a run,
    // the runtime counts a few bytes that belong to no object (16, once, where the smallest object has 24).
    private static double Measure(Func<bool> call)
    {
        Run(call);
        double[] runs = new double[3];
        for (int i = 0; i < runs.Length; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Run(call);
            runs[i] = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Calls;
        }

        Array.Sort(runs);
        return runs[1];
    }

    private static void Run(Func<bool> call)
    {
        for (int i = 0; i < Calls; i++)
        {
            if (!call())
            {
                throw new InvalidOperationException("A leader completes at once, with what there is.");
            }
        }
    }
}
