using Rave.Server.Contracts;

namespace Rave.Server.Storage;

// A write that waits for its turn, and whoever waits for it.
internal sealed class PendingWrite(WriteBatch batch, bool sync)
{
    internal WriteBatch Batch => batch;

    internal bool Sync => sync;

    internal TaskCompletionSource Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void Complete(LevelException? failure)
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
