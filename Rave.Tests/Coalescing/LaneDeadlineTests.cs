using Rave.Client;
using Rave.Client.Coalescing;
using Rave.Server.Contracts;
using Rave.Tests.Harness;

namespace Rave.Tests.Coalescing;

// A caller whose deadline has come is told whether its write may be applied, and what it is told stays true.
public sealed class LaneDeadlineTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly Queue<(LaneRequest Request, TaskCompletionSource Answer)> _sent = new();
    private readonly Lane _lane;

    public LaneDeadlineTests()
    {
        RaveOptions options = new() { OperationTimeout = TimeSpan.FromSeconds(10), TimeProvider = _time };
        _lane = new(new(Requests: 1, RequestBytes: 1000, RequestCount: 10, Reads: false), options, SendAsync, inDoubt => new(ErrorCodes.ConnectionLost, "Late.") { MayHaveBeenApplied = inDoubt });
    }

    [Fact]
    public async Task Who_gives_up_while_others_keep_its_request_on_its_way_is_in_doubt_though_it_was_not_sent_yet()
    {
        Task first = Submit();
        Task late = Submit();
        _time.Advance(TimeSpan.FromSeconds(1));
        Task other = Submit();
        _sent.Dequeue().Answer.SetResult();
        await first.Soon();

        _time.Advance(TimeSpan.FromSeconds(9.5));
        (await late.ShouldThrowAsync<RaveException>()).MayHaveBeenApplied.ShouldBeTrue();
        other.IsCompleted.ShouldBeFalse();
        _sent.Peek().Request.Attempts.TryBeingSent().ShouldBeTrue();
        _sent.Dequeue().Answer.SetResult();
        await other.Soon();
    }

    [Fact]
    public async Task What_was_given_up_before_it_was_sent_is_not_in_doubt_and_is_not_sent_any_more()
    {
        Task put = Submit();
        _time.Advance(TimeSpan.FromSeconds(11));
        (await put.ShouldThrowAsync<RaveException>()).MayHaveBeenApplied.ShouldBeFalse();
        _sent.Peek().Request.Attempts.TryBeingSent().ShouldBeFalse();
        _sent.Peek().Request.Abort.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task What_waits_behind_another_is_not_in_doubt_and_is_left_out()
    {
        Task first = Submit();
        _time.Advance(TimeSpan.FromSeconds(1));
        _sent.Peek().Request.Attempts.TryBeingSent().ShouldBeTrue();
        Task waits = Submit();
        _time.Advance(TimeSpan.FromSeconds(11));
        (await first.ShouldThrowAsync<RaveException>()).MayHaveBeenApplied.ShouldBeTrue();
        (await waits.ShouldThrowAsync<RaveException>()).MayHaveBeenApplied.ShouldBeFalse();
        _sent.Dequeue().Answer.SetResult();
        _sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task Closing_leaves_in_doubt_what_was_sent()
    {
        Task first = Submit();
        Task waits = Submit();
        _sent.Peek().Request.Attempts.TryBeingSent().ShouldBeTrue();
        _lane.Dispose();
        (await first.ShouldThrowAsync<RaveException>()).MayHaveBeenApplied.ShouldBeTrue();
        (await waits.ShouldThrowAsync<RaveException>()).MayHaveBeenApplied.ShouldBeFalse();
    }

    public void Dispose() => _lane.Dispose();

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
