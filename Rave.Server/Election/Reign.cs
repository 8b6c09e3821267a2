namespace Rave.Server.Election;

// One leader's time, as this process sees it: its own, or one that it follows.
internal sealed class Reign(LeaderInfo info, Leader? own, long since)
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal LeaderInfo Info => info;

    // Set when this process itself leads.
    internal Leader? Own => own;

    internal bool IsOwn => own is not null;

    // A timestamp of this process's own clock.
    internal long Since => since;

    // Completes when that leader stops, is lost, or has been silent for too long.
    internal Task Over => _over.Task;

    internal void End() => _over.TrySetResult();
}
