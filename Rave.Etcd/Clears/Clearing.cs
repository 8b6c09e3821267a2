using Rave.Etcd.Cluster;
using Rave.Etcd.Wire;
using Rave.Server.Storage;

namespace Rave.Etcd.Clears;

// A clear without a session: where it stands, and how a step is applied.
internal class Clearing(EtcdCluster cluster, Scan scan)
{
    // Null once it has ended.
    internal Scan? Left { get; private protected set; } = scan;

    // False where the condition did not hold: nothing was deleted.
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

        Left = After(step);
        return true;
    }

    private protected Scan? After(ClearStep step) => step.LastKey is null ? null : Left!.After(step.LastKey, step.Keys);
}
