using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// A caller whose deadline has passed learns whether its write may be applied, and this stays true.
public sealed class LaneDeadlineTests : IDisposable
{
    private readonly ManualLane _lane = new(new(Requests: 1, RequestBytes: 1000, RequestCount: 10, Reads: false));

    [Fact]
    public async Task A_caller_that_gives_up_is_in_doubt_while_others_keep_the_shared_request_on_its_way()
    {
        Task first = _lane.Submit();
        Task late = _lane.Submit();
        _lane.Time.Advance(TimeSpan.FromSeconds(1));
        Task other = _lane.Submit();
        _lane.Sent.Dequeue().Answer.SetResult();
        await first.Soon();

        _lane.Time.Advance(TimeSpan.FromSeconds(9.5));
        (await late.ShouldThrowAsync<RaveException>()).MayHaveBeenApplied.ShouldBeTrue();
        other.IsCompleted.ShouldBeFalse();
        _lane.Sent.Peek().Request.Attempts.TryBeginSend().ShouldBeTrue();
        _lane.Sent.Dequeue().Answer.SetResult();
        await other.Soon();
    }

    [Fact]
    public async Task An_operation_that_was_given_up_before_sending_is_not_in_doubt_and_is_not_sent()
    {
        Task put = _lane.Submit();
        _lane.Time.Advance(TimeSpan.FromSeconds(11));
        (await put.ShouldThrowAsync<RaveException>()).MayHaveBeenApplied.ShouldBeFalse();
        _lane.Sent.Peek().Request.Attempts.TryBeginSend().ShouldBeFalse();
        _lane.Sent.Peek().Request.Abort.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task An_operation_that_waits_behind_another_is_not_in_doubt_and_is_left_out()
    {
        Task first = _lane.Submit();
        _lane.Time.Advance(TimeSpan.FromSeconds(1));
        _lane.Sent.Peek().Request.Attempts.TryBeginSend().ShouldBeTrue();
        Task waits = _lane.Submit();
        _lane.Time.Advance(TimeSpan.FromSeconds(11));
        (await first.ShouldThrowAsync<RaveException>()).MayHaveBeenApplied.ShouldBeTrue();
        (await waits.ShouldThrowAsync<RaveException>()).MayHaveBeenApplied.ShouldBeFalse();
        _lane.Sent.Dequeue().Answer.SetResult();
        _lane.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task Closing_leaves_in_doubt_what_was_sent()
    {
        Task first = _lane.Submit();
        Task waits = _lane.Submit();
        _lane.Sent.Peek().Request.Attempts.TryBeginSend().ShouldBeTrue();
        _lane.Dispose();
        (await first.ShouldThrowAsync<RaveException>()).MayHaveBeenApplied.ShouldBeTrue();
        (await waits.ShouldThrowAsync<RaveException>()).MayHaveBeenApplied.ShouldBeFalse();
    }

    public void Dispose() => _lane.Dispose();
}
