using Rave.Server.Protocol;

namespace Rave.Client.Lanes;

// Numbers the writes of one lane, which has one in flight: whoever leads applies each once, however often it is sent, and none after a later one.
// So what comes late of a write that was given up is refused as soon as the next one is decided.
internal sealed class WriteSession
{
    private long _last;
    private volatile bool _inDoubt;

    // 122 random bits. From the system, as RandomNumberGenerator's are, but without loading OpenSSL into every short-lived program.
    internal string Name { get; } = Guid.NewGuid().ToString("N");

    // The leader has a record that nobody needs any more. Where a write ended without an answer it may be on its way still, and the record is
    // what keeps it from being applied twice: that one is left to the leader's sweep.
    internal bool CanEnd => Volatile.Read(ref _last) > 0 && !_inDoubt;

    internal Server.Storage.Once Next() => new(new IdempotencyKey(Name, ++_last));

    // For an exception filter: what ended a write that has a number.
    internal bool Notes(Exception failure)
    {
        _inDoubt |= failure is not RaveException { IsRefusal: true };
        return false;
    }
}
