using System.Buffers.Binary;
using Microsoft.Extensions.Caching.Distributed;

namespace Rave.Client.Hosting;

// The stored form of an entry: a format byte, three big-endian numbers of eight bytes, and the value. The numbers are ticks in UTC.
// Absolute and Deadline are points in time, or long.MaxValue for never. Sliding is a time span, or 0 for none.
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
            throw new ArgumentOutOfRangeException(nameof(options), absolute, "The absolute expiration is in the past.");
        }

        return new CacheEntry(absolute?.UtcTicks ?? Never, options.SlidingExpiration?.Ticks ?? 0, Never, value).UsedAt(now.UtcTicks);
    }

    // Null for an entry in the format of another version. A cache treats it as missing.
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

    // The entry after a use. A sliding deadline is a tenth later than asked, so that most uses need not write it again. The same entry is
    // returned if its deadline is still late enough.
    internal CacheEntry UsedAt(long now)
    {
        if (Sliding == 0)
        {
            return this with { Deadline = Absolute };
        }

        long least = Math.Min(After(now, Sliding), Absolute);
        return Deadline != Never && Deadline >= least
            ? this
            : this with { Deadline = Math.Min(After(now, Sliding + (Sliding / 10)), Absolute) };
    }

    private static long After(long now, long span) => span > Never - now ? Never : now + span;

    private static long Number(byte[] stored, int index) => BinaryPrimitives.ReadInt64BigEndian(stored.AsSpan(1 + (index * sizeof(long))));
}
