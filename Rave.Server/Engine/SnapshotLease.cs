using System.Security.Cryptography;
using Rave.Server.LevelDb;

namespace Rave.Server.Engine;

// A snapshot that a client keeps between its requests. It expires when it is not used for its time to live.
internal sealed class SnapshotLease(LevelSnapshot snapshot, TimeSpan timeToLive, TimeProvider time, Lock gate)
{
    // Random, so that nobody can guess it, and no later leader gives it to another snapshot.
    private const int IdBytes = 16;

    private long _lastUse = time.GetTimestamp();
    private int _uses;

    internal string Id { get; } = RandomNumberGenerator.GetHexString(2 * IdBytes, lowercase: true);

    internal DateTimeOffset ExpiresAt { get; } = time.GetUtcNow() + timeToLive;

    // By elapsed time: a change of the clock has no effect. A lease in use does not expire. Called under the gate.
    internal bool HasExpired => _uses == 0 && time.GetElapsedTime(_lastUse) >= timeToLive;

    // Called under the gate. The handle's own count keeps the native snapshot alive during the use, even if the lease ends meanwhile.
    internal SnapshotUse BeginUse()
    {
        bool added = false;
        snapshot.DangerousAddRef(ref added);
        _uses++;
        return new(snapshot, this);
    }

    internal void EndUse()
    {
        lock (gate)
        {
            _uses--;
            _lastUse = time.GetTimestamp();
            snapshot.DangerousRelease();
        }
    }

    // The native snapshot is released now, or with the last use that still runs.
    internal void End() => snapshot.Dispose();
}
