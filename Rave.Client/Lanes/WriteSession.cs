using Rave.Server.Protocol;

namespace Rave.Client.Lanes;

// Numbers the writes of one lane, which has one in flight. A leader applies each number once, and none after a higher one. So a write
// that was given up but arrives late is refused once the next one is applied.
internal sealed class WriteSession
{
    private long _last;
    private volatile bool _inDoubt;

    // 122 random bits of the system. Unlike RandomNumberGenerator, this does not load OpenSSL into every short-lived program.
    internal string Name { get; } = Guid.NewGuid().ToString("N");

    // Whether the leader can forget the session. A write without an answer may still be in flight, and only the record stops it from being
    // applied twice. The leader's sweep removes that record later.
    internal bool CanEnd => Volatile.Read(ref _last) > 0 && !_inDoubt;

    internal Server.Storage.Once Next() => new(new IdempotencyKey(Name, ++_last));

    // For an exception filter: a numbered write has failed.
    internal bool Notes(Exception failure)
    {
        _inDoubt |= failure is not RaveException { IsRefusal: true };
        return false;
    }
}
