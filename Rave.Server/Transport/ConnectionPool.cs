namespace Rave.Server.Transport;

// The connections to one peer, up to a limit. Idle ones are kept for the next request. Requests above the limit wait.
internal sealed class ConnectionPool(Func<CancellationToken, ValueTask<Stream>> connect, int limit, TimeProvider time) : IDisposable
{
    // Shorter than a leader keeps them, so that no request uses a connection that is being closed.
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _slots = new(limit);
    private readonly Lock _gate = new();
    private readonly List<Connection> _idle = [];
    private ITimer? _sweep;
    private bool _closed;

    internal ValueTask WaitForSlotAsync(CancellationToken cancellationToken) =>
        _slots.Wait(0, CancellationToken.None) ? default : new(_slots.WaitAsync(cancellationToken));

    internal void ReleaseSlot() => _slots.Release();

    // The last used connection, if it is still connected. If it is not, the peer is gone, and the older connections ended with it.
    internal Connection? TakeIdle()
    {
        lock (_gate)
        {
            while (_idle.Count > 0)
            {
                Connection last = _idle[^1];
                _idle.RemoveAt(_idle.Count - 1);
                if (last.IsConnected)
                {
                    return last;
                }

                last.Close();
            }

            return null;
        }
    }

    internal async ValueTask<Connection> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return new(await connect(cancellationToken).ConfigureAwait(false), this);
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, cause.Message, cause);
        }
    }

    // Called when the answer was read to the end.
    internal void Return(Connection connection)
    {
        bool rests;
        lock (_gate)
        {
            rests = !_closed;
            if (rests)
            {
                connection.RestsSince = time.GetTimestamp();
                _idle.Add(connection);
                if (_idle.Count == 1)
                {
                    _sweep ??= time.CreateTimer(
                        static pool => ((ConnectionPool)pool!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    _sweep.Change(LongestRest, Timeout.InfiniteTimeSpan);
                }
            }
        }

        if (!rests)
        {
            connection.Close();
        }

        ReleaseSlot();
    }

    // Connections in use are closed when their answers end.
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _idle.ForEach(static connection => connection.Close());
            _idle.Clear();
            _sweep?.Dispose();
        }
    }

    private void Sweep()
    {
        lock (_gate)
        {
            // The list is ordered: the connections unused for longest come first.
            int rested = _idle.FindIndex(connection => time.GetElapsedTime(connection.RestsSince) < LongestRest);
            rested = rested < 0 ? _idle.Count : rested;
            _idle.GetRange(0, rested).ForEach(static connection => connection.Close());
            _idle.RemoveRange(0, rested);
            if (_idle.Count > 0)
            {
                _sweep!.Change(LongestRest, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
