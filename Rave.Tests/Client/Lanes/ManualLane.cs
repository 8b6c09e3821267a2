using Rave.Client;
using Rave.Client.Lanes;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// A lane whose clock does not move. The test answers its requests in the order in which they were sent.
internal sealed class ManualLane : IDisposable
{
    private readonly Lane _lane;

    internal ManualLane(LaneLimits limits)
    {
        RaveOptions options = new() { OperationTimeout = TimeSpan.FromSeconds(10), TimeProvider = Time };
        _lane = new(limits, options, SendAsync, inDoubt => new(ErrorCodes.ConnectionLost, "Late.") { MayHaveBeenApplied = inDoubt });
    }

    internal FakeTime Time { get; } = new();

    internal Queue<(LaneRequest Request, TaskCompletionSource Answer)> Sent { get; } = new();

    internal Task Submit()
    {
        PendingWrite caller = new() { Count = 1 };
        _lane.Submit(caller, [0], alone: false, sync: false);
        return caller.Done.AsTask();
    }

    public void Dispose() => _lane.Dispose();

    private Task SendAsync(LaneRequest request)
    {
        TaskCompletionSource answer = new();
        Sent.Enqueue((request, answer));
        return answer.Task;
    }
}
