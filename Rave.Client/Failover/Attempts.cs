namespace Rave.Client.Failover;

// What has become of one request so far. A request that goes step by step takes as long as it takes.
internal sealed class Attempts(bool reads, bool isStepwise = false)
{
    private bool _mayBeSent;

    internal bool IsStepwise => isStepwise;

    internal int Lost { get; set; }

    internal bool MayHaveBeenApplied => !reads && _mayBeSent;

    internal string Consequence => MayHaveBeenApplied ? " It may have been applied." : "";

    internal void IsBeingSent() => _mayBeSent = true;

    // This time; what an earlier leader did with it stays unknown.
    internal void WasNotExecuted() => _mayBeSent = Lost > 0;
}
