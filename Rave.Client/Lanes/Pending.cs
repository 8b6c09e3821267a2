using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace Rave.Client.Lanes;

// One pending operation, and its caller. It is settled once: by its answer, a failure, a cancellation or its deadline.
internal abstract class Pending
{
    private CancellationTokenRegistration _registration;
    private int _settled;

    // Its operations in the body of the request.
    internal int Start { get; set; }

    internal int Length { get; set; }

    // The number of its operations or keys.
    internal required int Count { get; init; }

    // A timestamp. The deadline counts from here, so it includes the time in the queue.
    internal long SubmittedAt { get; set; }

    // Set if anybody traces.
    internal Activity? Span { get; set; }

    // A clear has none.
    internal bool HasDeadline { get; init; } = true;

    internal bool IsSettled => Volatile.Read(ref _settled) != 0;

    // Called before it is submitted, so that settling finds the registration.
    internal void CancelWith(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _registration = cancellationToken.UnsafeRegister(
                static (pending, token) => ((Pending)pending!).Fail(new OperationCanceledException(token)), this);
        }
    }

    // Resumes the caller on this thread. The spans are valid during the call.
    internal abstract void Complete(ReadOnlySpan<byte> operations, ReadOnlySpan<byte> answer);

    // Resumes the caller on another thread: a cancellation or a timer must not run the caller's code.
    internal abstract void Fail(Exception failure);

    // For a failure after TrySettle.
    internal abstract void FailSettled(Exception failure);

    // True once. Whoever gets true must complete it.
    internal bool TrySettle()
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

    // The answer is read only if the caller still waits.
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
            // It cannot be decoded, or there is not enough memory. It is settled, so it must fail here.
            FailSettled(failure);
            return;
        }

        _core.SetResult(result);
    }

    internal override void Fail(Exception failure)
    {
        if (TrySettle())
        {
            FailSettled(failure);
        }
    }

    internal override void FailSettled(Exception failure)
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

    // The result of the operation. The entries were checked before.
    protected abstract T Read(ReadOnlySpan<byte> operations, ReadOnlySpan<byte> answer);

    // Lets a caller block on the result, as on a task. The core itself would throw.
    private void Block(short token)
    {
        // Not disposed: Set may still run on the other thread. It holds no system resources.
        ManualResetEventSlim settled = new();
        _core.OnCompleted(static settled => ((ManualResetEventSlim)settled!).Set(), settled, token, ValueTaskSourceOnCompletedFlags.None);
        settled.Wait();
    }
}
