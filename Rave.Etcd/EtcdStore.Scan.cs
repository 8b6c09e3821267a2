using System.Runtime.CompilerServices;
using Rave.Etcd.Scans;
using Rave.Etcd.Wire;
using Rave.Server.Storage;

namespace Rave.Etcd;

internal sealed partial class EtcdStore
{
    private readonly PageReader _pages;

    public async ValueTask<Page> ReadPageAsync(Scan scan, int entries, CancellationToken cancellationToken)
    {
        _counts.CountScan();
        while (true)
        {
            try
            {
                return await _pages.ReadAsync(scan, new(RevisionOf(scan.Snapshot)), entries, Limits.PageBytes, cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (RaveException compacted) when (scan.Snapshot is null && compacted.Code == ErrorCodes.SnapshotNotOpen)
            {
                // Compacted between two requests of the page. The page is read again.
            }
        }
    }

    // If its revision is compacted meanwhile, the scan fails, because later pages would show another state.
    public async IAsyncEnumerable<Page> ReadPagesAsync(
        Scan scan, int pageBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _counts.CountScan();
        Moment moment = new(RevisionOf(scan.Snapshot));
        Scan? next = scan;
        while (next is not null)
        {
            // Each page renews the snapshot, so that it does not expire while it is read.
            RevisionOf(scan.Snapshot);
            Page page = await _pages.ReadAsync(next, moment, Limits.PageEntries, pageBytes, cancellationToken).ConfigureAwait(false);
            next = page.Next;
            yield return page;
        }
    }

    public async ValueTask<long> CountAsync(RangeBounds bounds, string? snapshot, CancellationToken cancellationToken)
    {
        _counts.CountScan();
        long revision = RevisionOf(snapshot);
        KeyRange range = bounds.ToRange();
        if (range.IsEmpty)
        {
            return 0;
        }

        RangeRequest request = _keys.Range(range);
        request.CountOnly = true;
        request.Revision = revision;
        return (await _cluster.RangeAsync(request, cancellationToken).ConfigureAwait(false)).Count;
    }
}
