using Rave.Client.Failover;
using Rave.Client.Telemetry;
using Rave.Server.Storage;

namespace Rave.Client.Ranges;

// A scan page by page, each strictly after the one before, across leaders. As a follower, it requests the next page as soon as a page has
// arrived, so that the reader does not wait. It does not do so after the first page, because many readers need no more. As a leader, it
// reads a page when it is needed. One call at a time.
internal sealed class Walk(Func<Database> database, Scan scan, int firstEntries, int mostEntries) : IDisposable
{
    private Page? _page;
    private PageAhead? _ahead;
    private Scan? _next = scan;
    private int _entries = firstEntries;
    private bool _started;

    // The number of entries that can be taken without waiting.
    internal int Ready => _page?.Count ?? 0;

    // Returns whether there is an entry to take. Each page is twice as large as the one before, or as large as the caller wants. If a call
    // fails or is cancelled, the next call tries again.
    internal async ValueTask<bool> FetchAsync(int wanted, CancellationToken cancellationToken)
    {
        // Also at the end, where there is nothing to wait for.
        cancellationToken.ThrowIfCancellationRequested();
        while (Ready == 0 && _next is not null)
        {
            _entries = Math.Clamp(wanted, _entries, mostEntries);
            Page page = _ahead is null
                ? await ReadAsync(cancellationToken).ConfigureAwait(false)
                : await TakeAheadAsync(_ahead, cancellationToken).ConfigureAwait(false);
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

    // Takes the next entry of the current page. Its bytes are valid until the next call.
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
        // A closed handle does not return a page that has arrived already.
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

    // Each page has its own span, because the reader works between two pages.
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
