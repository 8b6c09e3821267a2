using Rave.Etcd.Clears;
using Rave.Server.Storage;

namespace Rave.Etcd;

internal sealed partial class EtcdStore
{
    private readonly Clearer _clearer;

    public async ValueTask ClearAsync(Scan scan, bool sync, Once? once, CancellationToken cancellationToken)
    {
        _counts.CountClear();
        await _clearer.ClearAsync(scan, () => RevisionOf(scan.Snapshot), once, cancellationToken).ConfigureAwait(false);
    }
}
