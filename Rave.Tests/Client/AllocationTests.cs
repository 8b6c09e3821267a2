using Rave.Client;
using Rave.Tests.Harness;
using Rave.Tests.Leadership;

namespace Rave.Tests.Client;

// Allocation is counted, not supposed. Alone, since another test's listener to traces would be a listener to these.
[Collection<AloneInTheProcess>]
public sealed class AllocationTests
{
    private const int Calls = 5_000;

    [Fact]
    public async Task A_leader_reads_bytes_and_allocates_the_result_alone()
    {
        using TempDirectory directory = new();
        await using RaveLevel<byte[], byte[]> db = await RaveLevel.OpenAsync(directory["db"], Encodings.Bytes, Encodings.Bytes);
        await db.PutAsync([1], new byte[100]);

        // An array's header, type and length are a pointer each.
        BytesOfAGet(db, [1], found: true).ShouldBe(Rounded((3 * IntPtr.Size) + 100));
        BytesOfAGet(db, [2], found: false).ShouldBe(0);
    }

    [Fact]
    public async Task A_leader_reads_text_and_allocates_the_string_alone()
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

    private static long Rounded(int bytes) => (bytes + IntPtr.Size - 1) / IntPtr.Size * IntPtr.Size;

    // On average, which is exact only if every call allocates the same.
    private static double BytesOfAGet<TKey, TValue>(AbstractLevel<TKey, TValue> level, TKey key, bool found)
        where TValue : class
    {
        Read(level, key, found);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Read(level, key, found);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Calls;
    }

    private static void Read<TKey, TValue>(AbstractLevel<TKey, TValue> level, TKey key, bool found)
        where TValue : class
    {
        for (int i = 0; i < Calls; i++)
        {
            ValueTask<TValue?> read = level.GetAsync(key);
            if (!read.IsCompletedSuccessfully || (read.Result is not null) != found)
            {
                throw new InvalidOperationException("A leader reads at once.");
            }
        }
    }
}
