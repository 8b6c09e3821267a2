using System.Buffers.Binary;
using Microsoft.Extensions.Caching.Distributed;

namespace Rave.Client.Hosting;

// What is stored for a key: a format byte, three numbers of eight bytes, big-endian, in ticks of UTC, and the value.
// Absolute and Deadline are points in time, long.MaxValue for never; Sliding is a time span, 0 for none.
internal readonly record struct CacheEntry(long Absolute, long Sliding, long Deadline, ReadOnlyMemory<byte> Value)
{
    internal const long Never = long.MaxValue;

    private const byte Format = 1;
    private const int HeaderBytes = 1 + (3 * sizeof(long));

    internal static CacheEntry New(byte[] value, DistributedCacheEntryOptions options, DateTimeOffset now)
    {
        DateTimeOffset? absolute = options.AbsoluteExpirationRelativeToNow is { } fromNow ? now + fromNow : options.AbsoluteExpiration;
        if (absolute <= now)
        {
            throw new ArgumentOutOfRangeException(nameof(options), absolute, "The absolute expiration lies in the past.");
        }

        return new CacheEntry(absolute?.UtcTicks ?? Never, options.SlidingExpiration?.Ticks ?? 0, Never, value).UsedAt(now.UtcTicks);
    }

    // Null for what another version of this library stored in another format: to a cache, that is nothing.
    internal static CacheEntry? Read(byte[] stored) => stored is [Format, ..] && stored.Length >= HeaderBytes
        ? new(Number(stored, 0), Number(stored, 1), Number(stored, 2), stored.AsMemory(HeaderBytes))
        : null;

    internal byte[] ToBytes()
    {
        byte[] stored = new byte[HeaderBytes + Value.Length];
        stored[0] = Format;
        BinaryPrimitives.WriteInt64BigEndian(stored.AsSpan(1), Absolute);
        BinaryPrimitives.WriteInt64BigEndian(stored.AsSpan(1 + sizeof(long)), Sliding);
        BinaryPrimitives.WriteInt64BigEndian(stored.AsSpan(1 + (2 * sizeof(long))), Deadline);
        Value.CopyTo(stored.AsMemory(HeaderBytes));
        return stored;
    }

    // Its deadline after a use. A tenth longer than asked, so that of many uses in a row only some write it anew, and none too late;
    // the same entry where its deadline is far enough away.
    internal CacheEntry UsedAt(long now)
    {
        if (Sliding == 0)
        {
            return this with { Deadline = Absolute };
        }

        long least = Math.Min(After(now, Sliding), Absolute);
        return Deadline != Never && Deadline >= least ? this : this with { Deadline = Math.Min(After(now, Sliding + (Sliding / 10)), Absolute) };
    }

    private static long After(long now, long span) => span > Never - now ? Never : now + span;

    private static long Number(byte[] stored, int index) => BinaryPrimitives.ReadInt64BigEndian(stored.AsSpan(1 + (index * sizeof(long))));
}
