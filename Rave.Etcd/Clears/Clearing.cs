using Rave.Etcd.Cluster;
using Rave.Etcd.Wire;
using Rave.Server.Storage;

namespace Rave.Etcd.Clears;

// The progress of a clear without a session.
internal class Clearing(EtcdCluster cluster, Scan scan)
{
    // The remaining part. Null at the end.
    internal Scan? Left { get; private protected set; } = scan;

    // By this attempt.
    internal long Deleted { get; private protected set; }

    internal virtual Task ResumeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // False if the condition did not hold. Then nothing was deleted.
    internal virtual async Task<bool> ApplyAsync(ClearStep step, CancellationToken cancellationToken)
    {
        if (step.Deletes.Count > 0)
        {
            TxnRequest request = new() { Success = { step.Deletes } };
            if (step.Condition is not null)
            {
                request.Compare.Add(step.Condition);
            }

            if (!(await cluster.TxnAsync(request, Repeat.WriteIfNotSent, cancellationToken).ConfigureAwait(false)).Succeeded)
            {
                return false;
            }
        }

        Applied(step);
        return true;
    }

    // What to tell of a failure after some entries were deleted.
    internal virtual RaveException Stopped(RaveException failure) => StoreFailures.ClearStopped(failure, Deleted);

    private protected void Applied(ClearStep step)
    {
        Deleted += step.Keys;
        Left = After(step);
    }

    private protected Scan? After(ClearStep step) => step.LastKey is null ? null : Left!.After(step.LastKey, step.Keys);
}
