using System.Security.Cryptography;
using Rave.Server.LevelDb;

namespace Rave.Server.Engine;

// A snapshot that a client holds from one request to the next, until it has not used it for a time. Guarded by its owner's lock.
internal sealed class SnapshotLease(LevelSnapshot snapshot, TimeSpan timeToLive, TimeProvider time)
{
    // Random, so that nobody guesses it and no later leader or opening gives it to another snapshot.
    private const int IdBytes = 16;

    private long _lastUse = time.GetTimestamp();
    private int _uses;

    internal string Id { get; } = RandomNumberGenerator.GetHexString(2 * IdBytes, lowercase: true);

    internal DateTimeOffset ExpiresAt { get; } = time.GetUtcNow() + timeToLive;

    // By elapsed time: setting the clock neither ends nor prolongs it. What is being used does not expire.
    internal bool HasExpired => _uses == 0 && time.GetElapsedTime(_lastUse) >= timeToLive;

    // The handle's own count keeps the native snapshot alive for the use, also when the lease ends meanwhile.
    internal LevelSnapshot BeginUse()
    {
        bool added = false;
        snapshot.DangerousAddRef(ref added);
        _uses++;
        return snapshot;
    }

    internal void EndUse()
    {
        _uses--;
        _lastUse = time.GetTimestamp();
        snapshot.DangerousRelease();
    }

    // Releases the native snapshot, at once or with the last use that still runs.
    internal void End() => snapshot.Dispose();
}
