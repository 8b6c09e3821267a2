namespace Rave.Tests.Etcd;

// Lets so many bytes pass, and holds the next ones until more are allowed.
internal sealed class ByteGate
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _allowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _left = long.MaxValue / 2;
    private int _waiting;

    // From now on.
    internal long Left
    {
        init => _left = value;
    }

    internal bool IsHolding => Volatile.Read(ref _waiting) > 0;

    // Completes when bytes are held for the first time.
    internal Task Held => _held.Task;

    internal void Allow(long more = long.MaxValue / 2)
    {
        lock (_gate)
        {
            _left += more;
            _allowed.SetResult();
            _allowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    internal async Task PassAsync(int count, CancellationToken cancellationToken)
    {
        while (TryPass(count) is { } allowed)
        {
            _held.TrySetResult();
            Interlocked.Increment(ref _waiting);
            try
            {
                await allowed.WaitAsync(cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    // Null if the bytes may pass, otherwise what to wait for.
    private Task? TryPass(int count)
    {
        lock (_gate)
        {
            if (count > _left)
            {
                return _allowed.Task;
            }

            _left -= count;
            return null;
        }
    }
}
