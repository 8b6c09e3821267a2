using Google.Protobuf.Collections;
using Rave.Etcd.Cluster;
using Rave.Etcd.Keys;
using Rave.Etcd.Wire;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Etcd.Scans;

// Reads a page of a scan at one revision.
internal sealed class PageReader(EtcdCluster cluster, Keyspace keys)
{
    private readonly ScanHints _hints = new();

    internal async Task<Page> ReadAsync(Scan scan, Moment moment, int entries, int pageBytes, CancellationToken cancellationToken)
    {
        PooledBuffer page = new();
        try
        {
            int count = 0;
            long bytes = 0;
            Scan? next = await WalkAsync(scan, moment, entries, pageBytes, Take, cancellationToken).ConfigureAwait(false);
            return new(page, count, next);

            bool Take(ReadOnlySpan<byte> key, KeyValue entry)
            {
                bytes += (scan.Keys ? key.Length : 0) + entry.Value.Length;
                if (count > 0 && bytes > pageBytes)
                {
                    return false;
                }

                EntriesBinaryWriter.WriteEntry(page, key, entry.Value.Span, scan.NeedsKeys, scan.NeedsValues);
                count++;
                return true;
            }
        }
        catch
        {
            page.Dispose();
            throw;
        }
    }

    // Visits the next entries of the scan, up to the limit. Returns the remaining scan, or null at its end.
    internal async Task<Scan?> WalkAsync(
        Scan scan, Moment moment, int entries, int bytes, EntryVisitor visit, CancellationToken cancellationToken)
    {
        ScanHint hint = _hints.After(scan.LastKey, scan.Reverse);
        Cursor cursor = new(cluster, keys, scan.Remaining, scan.Reverse, moment, hint) { WithValues = scan.NeedsValues };
        long wanted = scan.Limit == Scan.Unlimited ? entries : Math.Min(entries, scan.Limit);
        // One more than the page takes shows whether anything follows.
        long asked = wanted == scan.Limit ? wanted : wanted + 1;
        int count = 0;
        KeyValue? last = null;
        bool isFull = false;
        while (count < asked && !isFull && !cursor.IsAtEnd)
        {
            RepeatedField<KeyValue> found = await cursor.NextAsync(asked - count, bytes, cancellationToken).ConfigureAwait(false);
            foreach (KeyValue entry in found)
            {
                if (count == wanted || !visit(keys.KeyOf(entry), entry))
                {
                    isFull = true;
                    break;
                }

                last = entry;
                count++;
            }
        }

        if (last is null || count == scan.Limit || (cursor.IsAtEnd && !isFull))
        {
            return null;
        }

        Scan next = scan.After(keys.KeyOf(last), count);
        _hints.Remember(next.LastKey!, scan.Reverse, cursor.Hint);
        return next;
    }
}
