using System.Diagnostics;

namespace Rave.Client.Failover;

// What has become of one request so far. Goes with the request to the handler that sends it.
internal sealed class Attempts(bool reads)
{
    internal const string Name = "rave.attempts";

    internal static readonly HttpRequestOptionsKey<Attempts?> Key = new(Name);

    private readonly Lock _gate = new();
    private bool _mayBeSent;
    private bool _givenUp;

    // Goes step by step, and takes as long as it takes.
    internal bool IsStepwise { get; init; }

    // Of a lane's request: whoever sends it watches its deadline and ends it by this. It comes this way, and not through Refit and HttpClient, which would
    // make a token of their own of it for every request.
    internal CancellationToken? End { get; init; }

    // Is about the leader itself, which is asked over the socket even where it is this process.
    internal bool IsAboutLeader { get; init; }

    internal bool Reads => reads;

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
