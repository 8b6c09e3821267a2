using System.Diagnostics;

namespace Rave.Client.Failover;

// The attempts to send one request. They go with the request to the handler that sends it.
internal sealed class Attempts(bool reads)
{
    internal const string Name = "rave.attempts";

    internal static readonly HttpRequestOptionsKey<Attempts?> Key = new(Name);

    private readonly Lock _gate = new();
    private bool _mayBeSent;
    private bool _givenUp;

    // A clear or a compaction: it runs in steps, without a deadline.
    internal bool IsStepwise { get; init; }

    // For a request of a lane, which watches the deadlines itself. Refit and HttpClient would make a linked token for each request.
    internal CancellationToken? LaneToken { get; init; }

    // A request about the leader itself. It goes over the socket even if this process leads.
    internal bool IsAboutLeader { get; init; }

    internal bool Reads => reads;

    // How many leaders were lost while they had it.
    internal int LeadersLost { get; set; }

    // The spans of its operations, if anybody traces.
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

    // From here on, it may be applied. False if it was given up: it must not be sent then.
    internal bool TryBeginSend()
    {
        lock (_gate)
        {
            _mayBeSent |= !_givenUp;
            return !_givenUp;
        }
    }

    // The last attempt was not executed. Whether an earlier leader executed it stays unknown.
    internal void MarkNotExecuted()
    {
        lock (_gate)
        {
            _mayBeSent = LeadersLost > 0;
        }
    }

    // It is not sent any more. Returns whether it may have been applied, in the same step, so that the answer stays true.
    internal bool GiveUp()
    {
        lock (_gate)
        {
            _givenUp = true;
            return !reads && _mayBeSent;
        }
    }
}
