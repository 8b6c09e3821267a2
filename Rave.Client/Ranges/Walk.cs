using Rave.Client.Failover;
using Rave.Client.Telemetry;
using Rave.Server.Storage;

namespace Rave.Client.Ranges;

// A scan page by page, each strictly behind the one before, whoever leads. While this process follows, the next page is on its way as soon as a page has
// arrived, so that its reader waits for neither leader nor socket; not after the first one, for many read no further. A page of this process's own store is
// read when it is wanted. One call at a time.
internal sealed class Walk(Func<Database> database, Scan scan, int firstEntries, int mostEntries) : IDisposable
{
    private Page? _page;
    private PageAhead? _ahead;
    private Scan? _next = scan;
    private int _entries = firstEntries;
    private bool _started;

    // Entries that can be taken at once.
    internal int Ready => _page?.Count ?? 0;

    // Whether there is an entry to take. Each page is twice as large as the one before, or as large as is wanted at once. What fails or is cancelled is tried again by the next call.
    internal async ValueTask<bool> FetchAsync(int wanted, CancellationToken cancellationToken)
    {
        // At its end too, where it has nothing to wait for.
        cancellationToken.ThrowIfCancellationRequested();
        while (Ready == 0 && _next is not null)
        {
            _entries = Math.Clamp(wanted, _entries, mostEntries);
            Page page = _ahead is null ? await ReadAsync(cancellationToken).ConfigureAwait(false) : await TakeAheadAsync(_ahead, cancellationToken).ConfigureAwait(false);
            _page?.Dispose();
            _page = page;
            _next = page.Next;
            _entries = Math.Min(_entries * 2, mostEntries);
            if (_started && _next is not null && !database().Leads)
            {
                _ahead = new(ReadAsync);
            }

            _started = true;
        }

        return Ready > 0;
    }

    // The next entry of the page at hand; its bytes are good until the next call.
    internal bool TryTake(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        if (_page is null)
        {
            key = default;
            value = default;
            return false;
        }

        return _page.TryTake(out key, out value);
    }

    // Not during another call.
    public void Dispose()
    {
        _ahead?.Dispose();
        _ahead = null;
        _page?.Dispose();
        _page = null;
    }

    private async ValueTask<Page> TakeAheadAsync(PageAhead ahead, CancellationToken cancellationToken)
    {
        // What has come already is not delivered by a handle that was closed meanwhile.
        if (database().IsClosed)
        {
            throw RemoteStore.Closed();
        }

        try
        {
            Page page = await ahead.WaitAsync(cancellationToken).ConfigureAwait(false);
            _ahead = null;
            return page;
        }
        catch when (!cancellationToken.IsCancellationRequested)
        {
            _ahead = null;
            throw;
        }
    }

    // It has a span of its own: between two pages it is the reader who works.
    private async ValueTask<Page> ReadAsync(CancellationToken cancellationToken)
    {
        using Observation? observed = Observation.Start("page", database());
        try
        {
            return await database().Store.ReadPageAsync(_next!, _entries, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }
}
