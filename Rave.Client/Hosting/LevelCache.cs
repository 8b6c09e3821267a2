using System.Buffers.Binary;
using System.Text;
using Microsoft.Extensions.Caching.Distributed;

namespace Rave.Client.Hosting;

// A cache in a sublevel: the entries, and an index of their deadlines, so that a sweep reads only expired entries.
// Several processes use it at the same time. A write that depends on a read has the condition that the entry has not changed.
internal sealed class LevelCache : IDistributedCache
{
    private readonly Sublevel<string, byte[]> _entries;
    private readonly Sublevel<byte[], byte[]> _deadlines;
    private readonly Sublevel<string, long> _sweeps;
    private readonly TimeProvider _time;

    internal LevelCache(RaveLevel level, string sublevel, TimeProvider time)
    {
        Sublevel<string, string> own = level.Sublevel(sublevel);
        _entries = own.Sublevel("entries", Encodings.Bytes);
        _deadlines = own.Sublevel("deadlines", Encodings.Bytes, Encodings.Bytes);
        _sweeps = own.Sublevel("sweeps", Encodings.Int64);
        _time = time;
    }

    private long Now => _time.GetUtcNow().UtcTicks;

    public byte[]? Get(string key) => GetAsync(key).GetAwaiter().GetResult();

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        byte[]? stored = await _entries.GetAsync(key, token).ConfigureAwait(false);
        if (stored is null || CacheEntry.Read(stored) is not { } entry || entry.Deadline <= Now)
        {
            return null;
        }

        if (entry.UsedAt(Now) is var used && used.Deadline != entry.Deadline)
        {
            WriteBatch<byte[], byte[]> batch = Writing(key, used).Check(_entries, key, Condition.ETag(_entries.ETagOf(stored)));
            await TryWriteAsync(batch, token).ConfigureAwait(false);
        }

        return entry.Value.ToArray();
    }

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) =>
        SetAsync(key, value, options).GetAwaiter().GetResult();

    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(options);
        await Writing(key, CacheEntry.New(value, options, _time.GetUtcNow())).WriteAsync(default, token).ConfigureAwait(false);
    }

    public void Refresh(string key) => RefreshAsync(key).GetAwaiter().GetResult();

    public async Task RefreshAsync(string key, CancellationToken token = default) => await GetAsync(key, token).ConfigureAwait(false);

    public void Remove(string key) => RemoveAsync(key).GetAwaiter().GetResult();

    public async Task RemoveAsync(string key, CancellationToken token = default) =>
        await _entries.DeleteAsync(key, token).ConfigureAwait(false);

    // Deletes expired entries, unless a process has done so within the interval. The process that first stores the time does it.
    internal async Task<bool> SweepAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        long now = Now;
        if (!await TryClaimAsync(now, interval, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        await foreach (byte[] place in _deadlines.Keys(new() { Lt = DeadlineKey(now + 1, "") }, cancellationToken).ConfigureAwait(false))
        {
            await SweepAsync(place, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async Task<bool> TryClaimAsync(long now, TimeSpan interval, CancellationToken cancellationToken)
    {
        const string last = "last";
        if (await _sweeps.TryGetAsync(last, cancellationToken).ConfigureAwait(false) is not { Found: true, Value: var at })
        {
            return await _sweeps.PutIfAbsentAsync(last, now, default, cancellationToken).ConfigureAwait(false);
        }

        // A time in the future was stored before a clock went back.
        return (at > now || now - at >= interval.Ticks)
            && await _sweeps.CompareAndSetAsync(last, at, now, default, cancellationToken).ConfigureAwait(false);
    }

    // If the deadline differs from that of the entry, the entry was used, replaced or removed, and another deadline is in the index, or
    // none.
    private async Task SweepAsync(byte[] place, CancellationToken cancellationToken)
    {
        string key = Encoding.UTF8.GetString(place.AsSpan(sizeof(long)));
        byte[]? stored = await _entries.GetAsync(key, cancellationToken).ConfigureAwait(false);
        WriteBatch<byte[], byte[]> batch = _deadlines.Batch().Delete(place);
        if (stored is not null && CacheEntry.Read(stored) is { } entry && entry.Deadline == BinaryPrimitives.ReadInt64BigEndian(place))
        {
            batch.Check(_entries, key, Condition.ETag(_entries.ETagOf(stored))).Delete(_entries, key);
        }

        await TryWriteAsync(batch, cancellationToken).ConfigureAwait(false);
    }

    private WriteBatch<byte[], byte[]> Writing(string key, CacheEntry entry)
    {
        WriteBatch<byte[], byte[]> batch = _deadlines.Batch().Put(_entries, key, entry.ToBytes());
        return entry.Deadline == CacheEntry.Never ? batch : batch.Put(DeadlineKey(entry.Deadline, key), []);
    }

    private static byte[] DeadlineKey(long deadline, string key)
    {
        byte[] place = new byte[sizeof(long) + Encoding.UTF8.GetByteCount(key)];
        BinaryPrimitives.WriteInt64BigEndian(place, deadline);
        Encoding.UTF8.GetBytes(key, place.AsSpan(sizeof(long)));
        return place;
    }

    private static async Task TryWriteAsync(WriteBatch<byte[], byte[]> batch, CancellationToken cancellationToken)
    {
        try
        {
            await batch.WriteAsync(default, cancellationToken).ConfigureAwait(false);
        }
        catch (RaveException failure) when (failure.Code == ErrorCodes.PreconditionFailed)
        {
            // The entry was written after it was read. That write has its own deadline.
        }
    }
}
