using Rave.Client;

namespace Rave.Cli.Bench;

// A handle and its load: the steps of the workloads.
internal sealed class LoadedHandle(RaveLevel<byte[], byte[]> database, BenchLoad load, CancellationToken cancellationToken)
{
    // Opens the given number of handles that follow the leader of the location.
    internal static Task<RaveLevel<byte[], byte[]>[]> OpenAsync(string location, int followers, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, followers).Select(_ =>
            RaveLevel.OpenAsync(location, Encodings.Bytes, Encodings.Bytes, cancellationToken: cancellationToken)));

    internal ValueTask PutAsync(int i) => database.PutAsync(load.Key(i), load.Value(i), cancellationToken: cancellationToken);

    internal async ValueTask GetAsync(int i)
    {
        if (await database.GetAsync(load.Key(i), cancellationToken: cancellationToken).ConfigureAwait(false) is null)
        {
            throw Missing();
        }
    }

    internal async Task<long> PutBatchesAsync(int entries, int batch)
    {
        for (int i = 0; i < entries; i += batch)
        {
            await database.BatchAsync(
                Enumerable.Range(i, Math.Min(batch, entries - i)).Select(n => BatchOperation.Put(load.Key(n), load.Value(n))),
                cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        return entries;
    }

    internal async Task<long> GetManyAsync(int entries, int many)
    {
        for (int i = 0; i < entries; i += many)
        {
            byte[]?[] values = await database
                .GetManyAsync(Enumerable.Range(i, many).Select(load.Key), cancellationToken: cancellationToken).ConfigureAwait(false);
            if (values.Contains(null))
            {
                throw Missing();
            }
        }

        return entries;
    }

    // Reads all entries, one page at a time. A range contains them all.
    internal async Task<long> WalkAsync(int page, RangeOptions<byte[]>? range = null)
    {
        long entries = 0;
        RangeIterator<byte[], byte[]> iterator = database.Iterator(range);
        await using (iterator.ConfigureAwait(false))
        {
            while (await iterator.NextManyAsync(page, cancellationToken).ConfigureAwait(false) is { Count: > 0 and var count })
            {
                entries += count;
            }
        }

        return entries == load.Keys ? entries : throw Missing();
    }

    private static BenchException Missing() => new("Entries that were written are missing.");
}
