using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace Rave.Client.Lanes;

// One operation on its way, and whoever waits for it. Settled once, by whatever comes first: its answer, a failure, its cancellation, its deadline.
internal abstract class Pending
{
    private CancellationTokenRegistration _registration;
    private int _settled;

    // Where it stands in its request's body.
    internal int Start { get; set; }

    internal int Length { get; set; }

    // Operations or keys: a batch has many and is one.
    internal required int Count { get; init; }

    // A timestamp; its deadline counts from here, however long it queues.
    internal long Since { get; set; }

    // Where anybody listens: its operation's.
    internal Activity? Span { get; set; }

    // What goes step by step has none.
    internal bool HasDeadline { get; init; } = true;

    internal bool IsSettled => Volatile.Read(ref _settled) != 0;

    // Before it is submitted: settling must find the registration.
    internal void CancelBy(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _registration = cancellationToken.UnsafeRegister(static (pending, token) => ((Pending)pending!).Fail(new OperationCanceledException(token)), this);
        }
    }

    // Resumes its caller here and now. Its operations and their answer are good for the call.
    internal abstract void Complete(ReadOnlySpan<byte> operations, ReadOnlySpan<byte> answer);

    // Resumes its caller elsewhere: who cancels or ends something must not run the code of whoever waited for it.
    internal abstract void Fail(Exception failure);

    // For who decides here what it says elsewhere: true for one caller only, who then must.
    internal bool TryClaim() => TrySettle();

    internal abstract void FailClaimed(Exception failure);

    protected bool TrySettle()
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0)
        {
            return false;
        }

        _registration.Unregister();
        return true;
    }
}

internal abstract class Pending<T> : Pending, IValueTaskSource<T>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<T> _core;

    internal ValueTask<T> Answer => new(this, _core.Version);

    internal ValueTask Done => new(this, _core.Version);

    // Only of one that is settled by its answer: what a caller gave to be filled is not touched once it has gone.
    internal override void Complete(ReadOnlySpan<byte> operations, ReadOnlySpan<byte> answer)
    {
        if (!TrySettle())
        {
            return;
        }

        T result;
        try
        {
            result = Read(operations, answer);
        }
        catch (Exception failure)
        {
            // It is of another encoding, or there is no memory for it. From here on nobody else would tell its caller.
            FailClaimed(failure);
            return;
        }

        _core.SetResult(result);
    }

    internal override void Fail(Exception failure)
    {
        if (TrySettle())
        {
            FailClaimed(failure);
        }
    }

    internal override void FailClaimed(Exception failure)
    {
        _core.RunContinuationsAsynchronously = true;
        _core.SetException(failure);
    }

    public T GetResult(short token)
    {
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            Block(token);
        }

        return _core.GetResult(token);
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    // What it completes with. The entries were checked before.
    protected abstract T Read(ReadOnlySpan<byte> operations, ReadOnlySpan<byte> answer);

    // Who cannot await blocks, as on a task; the core itself would throw. What settles it wakes this thread, on whatever thread that is.
    private void Block(short token)
    {
        // Nobody disposes it: whoever sets it may still be in the call, and it holds nothing of the system's.
        ManualResetEventSlim settled = new();
        _core.OnCompleted(static settled => ((ManualResetEventSlim)settled!).Set(), settled, token, ValueTaskSourceOnCompletedFlags.None);
        settled.Wait();
    }
}
