namespace Rave.Server.Engine;

// A write in the queue, and its caller. Or other work during which no write may run.
internal sealed class PendingWrite
{
    private readonly StoreBatch? _batch;

    internal PendingWrite(StoreBatch batch, bool sync)
    {
        _batch = batch;
        Sync = sync;
    }

    internal PendingWrite(Action work) => Work = work;

    internal Action? Work { get; }

    internal StoreBatch Batch => _batch ?? throw new InvalidOperationException("This work has no batch.");

    internal long Bytes => _batch?.Bytes ?? 0;

    internal bool Sync { get; }

    internal TaskCompletionSource Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void Complete(RaveException? failure)
    {
        if (failure is null)
        {
            Completion.SetResult();
        }
        else
        {
            Completion.SetException(failure);
        }
    }
}
