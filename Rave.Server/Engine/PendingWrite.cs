namespace Rave.Server.Engine;

// A write in the queue, and its caller. Or other work during which no write may run.
internal sealed class PendingWrite(StoreBatch? batch = null, bool sync = false, Action? work = null)
{
    internal Action? Work => work;

    internal StoreBatch Batch => batch ?? throw new InvalidOperationException("This work has no batch.");

    internal long Bytes => batch?.Bytes ?? 0;

    internal bool Sync => sync;

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
