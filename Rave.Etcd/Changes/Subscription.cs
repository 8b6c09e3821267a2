using Grpc.Core;
using Rave.Etcd.Cluster;
using Rave.Etcd.Keys;
using Rave.Etcd.Wire;
using Rave.Server.Storage;

namespace Rave.Etcd.Changes;

// A subscription. It watches one member. After a failure, it continues at the same place with another member. It reports a gap only if the
// cluster has compacted the next change.
internal sealed class Subscription : IChangeSubscription
{
    // After this long without a message, the watch requests its progress. If no answer comes, the member may hang, and the watch ends.
    private static readonly TimeSpan SilenceBeforeProbe = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly EtcdCluster _cluster;
    private readonly Keyspace _keys;
    private readonly TimeProvider _time;
    private readonly Action _ended;
    private readonly Inbox _inbox = new();
    private readonly RevisionEvents _events;
    private readonly CancellationTokenSource _ending;
    private readonly CancellationToken _end;
    private TimeSpan _pause = FirstPause;
    private int _disposed;

    // Without a place, it begins with a gap.
    internal Subscription(EtcdCluster cluster, Keyspace keys, KeyRange range, FeedPlace? after, long epoch, TimeProvider time, Action ended)
    {
        _cluster = cluster;
        _keys = keys;
        _time = time;
        _ended = ended;
        _events = new(keys, range, epoch);
        _ending = CancellationTokenSource.CreateLinkedTokenSource(cluster.Closing);
        _end = _ending.Token;
        Place = after;
        _ = RunAsync(after?.Position);
    }

    public FeedPlace? Place { get; private set; }

    public bool TryRead(out Change change)
    {
        while (_inbox.TryTake(out Delivery? delivery))
        {
            Place = delivery.Place;
            if (delivery.Type is { } type)
            {
                change = new()
                {
                    Type = type,
                    Key = delivery.Key.Span,
                    Value = delivery.Value.Span,
                    Place = delivery.Place,
                    IsLast = delivery.IsLast,
                };
                return true;
            }
        }

        change = default;
        return false;
    }

    public Task WaitAsync(CancellationToken cancellationToken) => _inbox.WaitAsync(cancellationToken);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _ending.Cancel();
            _ending.Dispose();
            _ended();
        }
    }

    private async Task RunAsync(ChangePosition? behind)
    {
        try
        {
            bool isKnown = behind is not null;
            _events.Begin(behind ?? ChangePosition.Lost);
            while (true)
            {
                await _inbox.WaitForRoomAsync(_end).ConfigureAwait(false);
                isKnown = isKnown && await IsKnownAsync().ConfigureAwait(false);
                if (!isKnown)
                {
                    await SkipAsync().ConfigureAwait(false);
                }

                isKnown = await WatchAsync().ConfigureAwait(false);
            }
        }
        catch (RaveException failure)
        {
            _inbox.End(failure);
        }
        catch (OperationCanceledException)
        {
            _inbox.End(EtcdFailures.Closed());
        }
        catch (Exception cause)
        {
            // No code awaits this task, so the failure goes to the reader.
            _inbox.End(new(ErrorCodes.IoError, $"The change feed has failed: {cause.Message}", cause));
        }
    }

    // Whether the cluster still has the next change. It requests the revision before: a watch that begins right at the compacted revision
    // can miss a delete (etcd before 3.4.36).
    private async Task<bool> IsKnownAsync()
    {
        try
        {
            await ReadRevisionAsync(_events.Revision - 1).ConfigureAwait(false);
            return true;
        }
        catch (RaveException compacted) when (compacted.Code == ErrorCodes.SnapshotNotOpen)
        {
            return false;
        }
    }

    // A subscriber that reads everything again after the gap knows all changes up to here.
    private async Task SkipAsync()
    {
        long revision = await ReadRevisionAsync(0).ConfigureAwait(false);
        _events.Begin(new(revision, RevisionEvents.AllEvents));
        _inbox.Add([new(ChangeType.Gap, default, default, _events.PlaceOf(revision, RevisionEvents.AllEvents), IsLast: false)]);
    }

    // Returns the newest revision. Throws if the given revision is compacted. If the cluster cannot be reached, it waits without limit.
    private async Task<long> ReadRevisionAsync(long revision)
    {
        while (true)
        {
            try
            {
                RangeRequest request = new() { Key = _keys.Format, CountOnly = true, Revision = revision };
                return (await _cluster.RangeAsync(request, _end).ConfigureAwait(false)).Header.Revision;
            }
            catch (RaveException lost) when (lost.Code == ErrorCodes.ConnectionLost)
            {
                await PauseAsync().ConfigureAwait(false);
            }
        }
    }

    // Returns when the stream ends or the inbox is full. False if the next change was compacted.
    private async Task<bool> WatchAsync()
    {
        _events.Restart();
        WatchStream? stream = null;
        try
        {
            stream = await _cluster.WatchAsync(_end).ConfigureAwait(false);
            RangeRequest all = _keys.Range(new(null, null));
            WatchCreateRequest create = new()
            {
                Key = all.Key,
                RangeEnd = all.RangeEnd,
                StartRevision = _events.Revision,
                ProgressNotify = true,
                Fragment = true,
            };
            await stream.SendAsync(new() { Create = create }, _end).ConfigureAwait(false);
            for (TimeSpan silence = AnswerTimeout; !_inbox.IsFull; silence = SilenceBeforeProbe)
            {
                WatchResponse response = await ReadAsync(stream, silence).ConfigureAwait(false);
                if (response is { Canceled: true, CompactRevision: > 0 })
                {
                    return false;
                }

                Take(response);
            }
        }
        catch (Exception e) when (e is RpcException or TimeoutException or InvalidOperationException && !_end.IsCancellationRequested)
        {
            if (e is RpcException failure && EtcdFailures.FateOf(failure, wasSent: true) == Fate.Refused)
            {
                throw EtcdFailures.RefusalOf(failure)!;
            }

            _cluster.Lost(stream, e as RpcException);
            await PauseAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is RpcException or ObjectDisposedException or InvalidOperationException)
        {
            throw new OperationCanceledException(_end);
        }
        finally
        {
            stream?.Dispose();
        }

        return true;
    }

    private async Task<WatchResponse> ReadAsync(WatchStream stream, TimeSpan silence)
    {
        Task<WatchResponse> reading = stream.ReadAsync(_end);
        // When the watch is given up, no code awaits this task any more.
        _ = reading.ContinueWith(
            static abandoned => _ = abandoned.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        try
        {
            return await reading.WaitAsync(silence, _time, _end).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await stream.SendAsync(new() { Progress = new() }, _end).WaitAsync(AnswerTimeout, _time, _end).ConfigureAwait(false);
            return await reading.WaitAsync(AnswerTimeout, _time, _end).ConfigureAwait(false);
        }
    }

    private void Take(WatchResponse response)
    {
        _pause = FirstPause;
        if (response.Events.Count > 0)
        {
            _inbox.Add(_events.Take(response));
        }
        else if (response is { Created: false, Fragment: false, WatchId: >= 0 } && _events.MoveTo(response.Header.Revision) is { } reached)
        {
            // Progress that the watch reports by itself. The answer to our progress request has no watch id, and can overtake changes
            // (etcd before 3.4.25).
            _inbox.Add([reached]);
        }
    }

    private async Task PauseAsync()
    {
        await Task.Delay(_pause, _time, _end).ConfigureAwait(false);
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }
}
