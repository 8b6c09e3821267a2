using Grpc.Core;
using Rave.Etcd.Wire;

namespace Rave.Etcd.Cluster;

// Which member operations go to: the leader where it is known, which answers without asking another one; the next member where one has
// failed.
internal sealed class Rotation(Endpoint[] endpoints, TimeProvider time)
{
    private static readonly TimeSpan SearchTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SearchPeriod = TimeSpan.FromSeconds(5);

    private int _current;
    private long _term;
    private bool _leads;
    private long _searched;
    private int _searching;
    private int _failures;

    internal int Count => endpoints.Length;

    internal int Failures => Volatile.Read(ref _failures);

    internal Endpoint Current => endpoints[Volatile.Read(ref _current)];

    // It has failed. Of many operations that say so, the first one moves on.
    internal void Leave(Endpoint failed)
    {
        int index = Array.IndexOf(endpoints, failed);
        Interlocked.CompareExchange(ref _current, (index + 1) % endpoints.Length, index);
        Volatile.Write(ref _leads, false);
        Interlocked.Increment(ref _failures);
        Search();
    }

    // Most answers tell the term. With a new one, another member may lead.
    internal void Heard(ResponseHeader? header)
    {
        long term = (long)(header?.RaftTerm ?? 0);
        if (term > Volatile.Read(ref _term))
        {
            Volatile.Write(ref _term, term);
            Search();
        }
        else if (!Volatile.Read(ref _leads) && time.GetElapsedTime(Volatile.Read(ref _searched)) >= SearchPeriod)
        {
            Search();
        }
    }

    // In the background: operations go on meanwhile.
    private void Search()
    {
        if (endpoints.Length > 1 && Interlocked.Exchange(ref _searching, 1) == 0)
        {
            Volatile.Write(ref _searched, time.GetTimestamp());
            _ = SearchAsync();
        }
    }

    private async Task SearchAsync()
    {
        ulong[] terms = await Task.WhenAll(endpoints.Select(TermOfLeaderAsync)).ConfigureAwait(false);
        ulong newest = terms.Max();
        if (newest > 0)
        {
            Volatile.Write(ref _current, Array.IndexOf(terms, newest));
            Volatile.Write(ref _leads, true);
        }

        Volatile.Write(ref _searching, 0);
    }

    // Its term where the member says that it leads; 0 where it does not, or says nothing.
    private async Task<ulong> TermOfLeaderAsync(Endpoint endpoint)
    {
        try
        {
            CallOptions options = new(deadline: time.GetUtcNow().UtcDateTime + SearchTimeout);
            StatusResponse status = await endpoint.Maintenance.StatusAsync(new(), options).ResponseAsync.ConfigureAwait(false);
            return status.Leader == status.Header.MemberId ? status.RaftTerm : 0;
        }
        catch (Exception e) when (e is RpcException or ObjectDisposedException)
        {
            // It is not the one that is looked for.
            return 0;
        }
    }
}
