using System.Text;
using Rave.Etcd;
using Rave.Server.Storage;
using Rave.Tests.Storage;

namespace Rave.Tests.Etcd;

// Compares pages in both directions with the written entries.
[Collection(EtcdSuite.Name)]
public sealed class ScanTests(SharedMember member)
{
    [Fact]
    public async Task Tens_of_thousands_of_keys_are_read_once_and_in_order_in_both_directions()
    {
        using EtcdStore store = await member.OpenAsync();
        byte[][] keys = [.. Enumerable.Range(0, 30_000).Select(i => Encoding.ASCII.GetBytes($"user/{i:d6}"))];
        await store.FillAsync(keys.Select(key => (key, key)));
        foreach (int entries in new[] { 700, 10_000 })
        {
            (await store.KeysAsync(new(), entries)).ShouldBe(keys);
            (await store.KeysAsync(new() { Reverse = true }, entries)).ShouldBe(keys.Reverse());
        }

        (await store.CountAsync()).ShouldBe(keys.Length);
        RangeBounds prefix = new(Prefix: "user/01"u8.ToArray());
        (await store.KeysAsync(new() { Bounds = prefix, Values = false })).Count.ShouldBe(10_000);
        (await store.KeysAsync(new() { Bounds = prefix, Reverse = true, Limit = 3 })).ShouldBe([keys[19_999], keys[19_998], keys[19_997]]);
    }

    [Fact]
    public async Task All_pages_of_a_backup_show_one_revision_while_others_write()
    {
        using EtcdStore store = await member.OpenAsync();
        byte[][] keys = [.. Enumerable.Range(0, 12_000).Select(i => Encoding.ASCII.GetBytes($"{i:d5}"))];
        await store.FillAsync(keys.Select(key => (key, key)));
        List<byte[]> seen = [];
        await foreach (Page page in store.ReadPagesAsync(new(), 64 << 10, TestContext.Current.CancellationToken))
        {
            while (page.TryTake(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value))
            {
                value.ToArray().ShouldBe(key.ToArray());
                seen.Add(key.ToArray());
            }

            page.Dispose();
            await store.DeleteAsync(keys[^1], sync: false);
            await store.PutAsync(Encoding.ASCII.GetBytes($"{seen.Count:d5}x"), default, sync: false);
        }

        seen.ShouldBe(keys);
    }

    [Fact]
    public async Task Random_ranges_of_random_keys_are_read_as_in_a_model()
    {
        Random random = new(17);
        using EtcdStore store = await member.OpenAsync();
        SortedDictionary<byte[], byte[]> model = new(Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)));
        for (int i = 0; i < 3_000; i++)
        {
            // Few digits, so that many keys begin alike, and some of them far into others.
            byte[] key = new byte[random.Next(0, 12)];
            random.NextBytes(key);
            model[[.. key.Select(b => (byte)(b % 3 * 120))]] = new byte[random.Next(0, 50)];
        }

        await store.FillAsync(model.Select(entry => (entry.Key, entry.Value)));
        byte[][] keys = [.. model.Keys];
        for (int i = 0; i < 200; i++)
        {
            byte[]? Bound() => random.Next(3) == 0 ? null : keys[random.Next(keys.Length)];
            RangeBounds bounds = new(Gt: Bound(), Gte: random.Next(4) == 0 ? Bound() : null, Lt: Bound(), Lte: random.Next(4) == 0
                ? Bound()
                : null);
            Scan scan = new() { Bounds = bounds, Reverse = random.Next(2) == 0, Limit = random.Next(3) == 0
                ? random.Next(0, 500)
                : Scan.Unlimited };
            KeyRange range = bounds.ToRange();
            IEnumerable<byte[]> expected = keys.Where(key => range.Contains(key));
            expected = scan.Reverse ? expected.Reverse() : expected;
            expected = scan.Limit == Scan.Unlimited ? expected : expected.Take((int)scan.Limit);
            (await store.KeysAsync(scan, random.Next(1, 800))).ShouldBe(expected);
            (await store.CountAsync(bounds)).ShouldBe(keys.Count(key => range.Contains(key)));
        }
    }

    [Fact]
    public async Task Keys_in_clusters_of_all_sizes_are_read_once_and_in_order_in_both_directions()
    {
        using EtcdStore store = await member.OpenAsync();
        Random random = new(3);
        HashSet<string> all = [];
        while (all.Count < 40_000)
        {
            string place = string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => $"!{(char)('a' + random.Next(4))}!"));
            int keys = 1 << random.Next(0, 13);
            int step = 1 << random.Next(0, 20);
            for (int i = 0; i < keys; i++)
            {
                all.Add($"{place}{(random.Next(2) == 0 ? i * (long)step : i)}");
            }
        }

        byte[][] sorted = [.. all.Order(StringComparer.Ordinal).Select(Encoding.ASCII.GetBytes)];
        await store.FillAsync(sorted.Select(key => (key, Array.Empty<byte>())));
        foreach (int entries in new[] { 300, 3_000 })
        {
            (await store.KeysAsync(new(), entries)).ShouldBe(sorted);
            (await store.KeysAsync(new() { Reverse = true }, entries)).ShouldBe(sorted.Reverse());
        }
    }

    [Fact]
    public async Task A_page_ends_at_its_byte_limit_and_has_at_least_one_entry()
    {
        using EtcdStore store = await member.OpenAsync();
        for (int i = 0; i < 12; i++)
        {
            await store.PutAsync(new[] { (byte)i }, new byte[1 << 20], sync: false);
        }

        using Page page = await store.ReadPageAsync(new(), 100, CancellationToken.None);
        page.Count.ShouldBe(3, "3 MiB and their keys, and a fourth would be more than 4 MiB");
        (await store.KeysAsync(new(), 100)).Count.ShouldBe(12);
        (await store.KeysAsync(new() { Reverse = true }, 100)).Count.ShouldBe(12);
        (await store.KeysAsync(new() { Keys = true, Values = false }, 100)).Count.ShouldBe(12);
    }

    [Fact]
    public async Task Keys_with_a_long_common_prefix_are_scanned_in_both_directions()
    {
        using EtcdStore store = await member.OpenAsync();
        byte[] common = new byte[2_000];
        byte[][] keys = [.. Enumerable.Range(0, 25_000).Select(i => (byte[])[.. common, (byte)(i >> 8), (byte)i])];
        await store.FillAsync(keys.Select(key => (key, Array.Empty<byte>())));
        (await store.KeysAsync(new(), 5_000)).ShouldBe(keys);
        (await store.KeysAsync(new() { Reverse = true }, 5_000)).ShouldBe(keys.Reverse());
    }
}
