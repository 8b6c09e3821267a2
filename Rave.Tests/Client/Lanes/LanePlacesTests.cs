using Rave.Client.Lanes;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// When a lane sends a second request beside the first.
public sealed class LanePlacesTests : IDisposable
{
    private readonly ManualLane _lane = new(new(Requests: 2, RequestBytes: 1000, RequestCount: 1000, Reads: true));

    [Fact]
    public async Task A_few_operations_that_come_during_a_request_are_sent_together_after_it()
    {
        Task first = _lane.Submit();
        Task[] others = [_lane.Submit(), _lane.Submit()];
        _lane.Sent.Count.ShouldBe(1);
        _lane.Sent.Dequeue().Answer.SetResult();
        await first.Soon();
        _lane.Sent.Single().Request.Count.ShouldBe(2);
        _lane.Sent.Dequeue().Answer.SetResult();
        await Task.WhenAll(others).Soon();
    }

    [Fact]
    public async Task Many_do_not_wait_for_it()
    {
        Task[] all = [.. Enumerable.Range(0, 65).Select(_ => _lane.Submit())];
        _lane.Sent.Select(sent => sent.Request.Count).ShouldBe([1, 64]);
        Answer();
        await Task.WhenAll(all).Soon();
    }

    [Fact]
    public async Task An_operation_after_a_slow_request_is_sent_at_once_with_the_waiting_ones()
    {
        Task slow = _lane.Submit();
        Task waits = _lane.Submit();
        _lane.Time.Advance(TimeSpan.FromMilliseconds(2));
        Task next = _lane.Submit();
        _lane.Sent.Select(sent => sent.Request.Count).ShouldBe([1, 2]);
        _lane.Sent.Last().Answer.SetResult();
        await Task.WhenAll(waits, next).Soon();
        slow.IsCompleted.ShouldBeFalse();
        Answer();
        await slow.Soon();
    }

    public void Dispose() => _lane.Dispose();

    private void Answer()
    {
        while (_lane.Sent.TryDequeue(out (LaneRequest Request, TaskCompletionSource Answer) sent))
        {
            sent.Answer.TrySetResult();
        }
    }
}
