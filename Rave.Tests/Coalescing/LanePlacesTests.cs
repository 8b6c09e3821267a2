using Rave.Client;
using Rave.Client.Coalescing;
using Rave.Server.Contracts;
using Rave.Tests.Harness;

namespace Rave.Tests.Coalescing;

// When a lane sends a second request beside the first.
public sealed class LanePlacesTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly Queue<(LaneRequest Request, TaskCompletionSource Answer)> _sent = new();
    private readonly Lane _lane;

    public LanePlacesTests()
    {
        RaveOptions options = new() { TimeProvider = _time };
        _lane = new(new(Requests: 2, RequestBytes: 1000, RequestCount: 1000, Reads: true), options, SendAsync, _ => new(ErrorCodes.ConnectionLost, "Late."));
    }

    [Fact]
    public async Task A_few_that_come_while_another_is_in_flight_go_together_when_it_is_answered()
    {
        Task first = Submit();
        Task[] others = [Submit(), Submit()];
        _sent.Count.ShouldBe(1);
        _sent.Dequeue().Answer.SetResult();
        await first.Soon();
        _sent.Single().Request.Count.ShouldBe(2);
        _sent.Dequeue().Answer.SetResult();
        await Task.WhenAll(others).Soon();
    }

    [Fact]
    public async Task Many_do_not_wait_for_it()
    {
        Task[] all = [.. Enumerable.Range(0, 65).Select(_ => Submit())];
        _sent.Select(sent => sent.Request.Count).ShouldBe([1, 64]);
        Answer();
        await Task.WhenAll(all).Soon();
    }

    [Fact]
    public async Task One_that_comes_behind_a_slow_one_overtakes_it_with_those_that_wait()
    {
        Task slow = Submit();
        Task waits = Submit();
        _time.Advance(TimeSpan.FromMilliseconds(2));
        Task next = Submit();
        _sent.Select(sent => sent.Request.Count).ShouldBe([1, 2]);
        _sent.Last().Answer.SetResult();
        await Task.WhenAll(waits, next).Soon();
        slow.IsCompleted.ShouldBeFalse();
        Answer();
        await slow.Soon();
    }

    public void Dispose() => _lane.Dispose();

    private void Answer()
    {
        while (_sent.TryDequeue(out (LaneRequest Request, TaskCompletionSource Answer) sent))
        {
            sent.Answer.TrySetResult();
        }
    }

    private Task Submit()
    {
        Pending<bool> caller = new() { Count = 1 };
        _lane.Submit(caller, bytes: 1, alone: false, sync: false, 0, static (_, _) => { });
        return caller.Done.AsTask();
    }

    private Task SendAsync(LaneRequest request)
    {
        TaskCompletionSource answer = new();
        _sent.Enqueue((request, answer));
        return answer.Task;
    }
}
