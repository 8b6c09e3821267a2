namespace Rave.Server.Election;

// One leader's time as this process sees it: this process leads, or it follows that leader.
internal sealed class Reign(LeaderInfo info, Leader? own, long since)
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal LeaderInfo Info => info;

    // Set when this process itself leads.
    internal Leader? Own => own;

    internal bool IsOwn => own is not null;

    // A timestamp of this process's TimeProvider.
    internal long Since => since;

    // Completes when the leader stops, is lost, or was silent for too long.
    internal Task Over => _over.Task;

    internal void End() => _over.TrySetResult();
}
