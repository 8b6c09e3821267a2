using System.Diagnostics;

namespace Rave.Client.Failover;

// What has become of one request so far. A request that goes step by step takes as long as it takes.
internal sealed class Attempts(bool reads, bool isStepwise = false)
{
    private readonly Lock _gate = new();
    private bool _mayBeSent;
    private bool _givenUp;

    internal bool IsStepwise => isStepwise;

    internal int Lost { get; set; }

    // Of the operations that it carries, where anybody listens.
    internal IEnumerable<Activity?> Spans { get; init; } = [];

    internal bool MayHaveBeenApplied
    {
        get
        {
            lock (_gate)
            {
                return !reads && _mayBeSent;
            }
        }
    }

    // What is said of an operation of it that is given up while others keep the request on its way.
    internal bool MayStillBeApplied => !reads;

    // From here on it is in doubt. False where it was given up: then it must not be sent any more.
    internal bool TryBeingSent()
    {
        lock (_gate)
        {
            _mayBeSent |= !_givenUp;
            return !_givenUp;
        }
    }

    // This time; what an earlier leader did with it stays unknown.
    internal void WasNotExecuted()
    {
        lock (_gate)
        {
            _mayBeSent = Lost > 0;
        }
    }

    // Not sent from here on; whether it may have been applied before. One step: its caller is told what then stays true.
    internal bool GiveUp()
    {
        lock (_gate)
        {
            _givenUp = true;
            return !reads && _mayBeSent;
        }
    }
}
