using System.Globalization;
using System.Security.Cryptography;

namespace Rave.Etcd.Snapshots;

// The id of a snapshot. Every store on the same cluster can read it:
// <cluster>-<revision>-<opened, in 100 ns since 1970>-<time to live, ms>-<random>
// The moment is exact, so that a snapshot never ends before its time.
internal sealed record SnapshotId(ulong Cluster, long Revision, DateTimeOffset Opened, TimeSpan TimeToLive, uint Random)
{
    // With the longest time to live, it is still a date.
    private static readonly long LastMoment =
        (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch - TimeSpan.FromMilliseconds(int.MaxValue)).Ticks;

    internal DateTimeOffset ExpiresAt => Opened + TimeToLive;

    internal static SnapshotId New(ulong cluster, long revision, DateTimeOffset now, TimeSpan timeToLive) =>
        new(cluster, revision, now.ToUniversalTime(), timeToLive, (uint)RandomNumberGenerator.GetInt32(int.MaxValue));

    // Null if the text is not such an id.
    internal static SnapshotId? Parse(string text)
    {
        string[] parts = text.Split('-');
        SnapshotId? id = parts.Length == 5
            && ulong.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong cluster)
            && TryNumber(parts[1], long.MaxValue, out long revision)
            && TryNumber(parts[2], LastMoment, out long opened)
            && TryNumber(parts[3], int.MaxValue, out long timeToLive)
            && uint.TryParse(parts[4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint random)
            && revision > 0
            ? new(cluster, revision, DateTimeOffset.UnixEpoch.AddTicks(opened), TimeSpan.FromMilliseconds(timeToLive), random)
            : null;
        // Only one spelling is valid. Under another one, an ended snapshot would be open again.
        return id?.ToString() == text ? id : null;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Cluster:x16}-{Revision}-{(Opened - DateTimeOffset.UnixEpoch).Ticks}-{(long)TimeToLive.TotalMilliseconds}-{Random:x8}");

    private static bool TryNumber(string text, long max, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= max;
}
