using Rave.Client.Failover;
using Rave.Client.Telemetry;

namespace Rave.Client.Lanes;

// Operations in the order in which they came, a few requests at a time: what comes while those are in flight goes in the next one together.
// Nothing joins a request in flight, for its answer may be older than what was acknowledged since. A lone operation is sent at once, on its caller.
internal sealed class Lane(LaneLimits limits, RaveOptions options, Func<LaneRequest, Task> send, Func<bool, RaveException> expired) : IDisposable
{
    // While callers are told of their answers they submit what comes next. It is gathered until all of them are told, for a small request is not
    // worth its round trip; so many keep the leader busy meanwhile.
    private const int WorthSending = 64;

    // What is in flight for longer is slow, and a further place is for those that would wait for it. Otherwise they do better to go together.
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly LinkedList<LaneRequest> _waiting = new();
    private readonly List<LaneRequest> _flying = [];
    private LaneClock? _clock;
    private int _free = limits.Requests;
    private int _telling;
    private long _sent;
    private int _waitingCallers;
    private long _waitingBytes;
    private bool _closed;

    // Nothing waits and nothing is in flight, nor are its callers still being told.
    internal bool IsIdle => Volatile.Read(ref _free) == limits.Requests;

    // Copies the operations before it returns.
    internal void Submit(
        Pending pending, ReadOnlySpan<byte> operations, bool alone, bool sync, string? snapshot = null, Func<CancellationToken, Task>? other = null)
    {
        LaneRequest? now = null;
        pending.Span = Tracing.Current;
        lock (_gate)
        {
            ThrowIfFull(operations.Length);
            pending.Since = options.TimeProvider.GetTimestamp();
            LaneRequest? last = alone ? null : _waiting.Last?.Value;
            // A sync write begins a request, so that those before it need not wait for the disk. Those behind it join it: they had to wait for it anyway.
            bool joins = last is { Alone: false } && (last.Sync || !sync) && last.Snapshot == snapshot && last.Body.Length + operations.Length <= limits.RequestBytes && last.Count + pending.Count <= limits.RequestCount;
            LaneRequest request = joins ? last! : new() { Reads = limits.Reads, Alone = alone, Sync = sync, Snapshot = snapshot, Other = other };
            request.Add(pending, operations);
            if (_free == limits.Requests)
            {
                _free--;
                _flying.Add(request);
                _sent = pending.Since;
                now = request;
            }
            else
            {
                _waitingCallers++;
                _waitingBytes += operations.Length;
                if (!joins)
                {
                    _waiting.AddLast(request);
                }

                if (_telling > 0 && _waitingCallers >= WorthSending)
                {
                    _telling--;
                    now = Take();
                }
                else if (_free > 0 && (_waitingCallers >= WorthSending || options.TimeProvider.GetElapsedTime(_sent, pending.Since) > Slow))
                {
                    _free--;
                    now = Take();
                }
            }

            _clock ??= new(options.TimeProvider, options.OperationTimeout, Expire);
            _clock.Set();
        }

        if (now is not null)
        {
            _ = RunAsync(now);
        }
    }

    // Fails what waits and what is in flight.
    public void Dispose()
    {
        LaneRequest[] abandoned;
        LaneRequest[] waiting;
        lock (_gate)
        {
            _closed = true;
            abandoned = [.. _flying];
            waiting = [.. _waiting];
            _waiting.Clear();
            _waitingCallers = 0;
            _waitingBytes = 0;
            _clock?.Dispose();
        }

        foreach (LaneRequest request in abandoned)
        {
            bool inDoubt = request.Attempts.GiveUp();
            request.Callers.ForEach(caller => caller.Fail(RemoteStore.Closed(inDoubt)));
            request.Abort.Cancel();
        }

        Array.ForEach(waiting, static request => request.Callers.ForEach(static caller => caller.Fail(RemoteStore.Closed())));
    }

    // Its callers are being told: who told the last but one asks what goes next.
    internal LaneRequest? Told()
    {
        lock (_gate)
        {
            if (_telling == 0)
            {
                // What they submitted was enough to be sent before.
                return null;
            }

            _telling--;
            return Take();
        }
    }

    // Sends a request, and what gathers meanwhile, until nothing is left.
    internal async Task RunAsync(LaneRequest? request)
    {
        while (request is not null)
        {
            Exception? failure = null;
            try
            {
                await send(request).ConfigureAwait(false);
            }
            catch (Exception cause)
            {
                failure = cause;
            }

            request = End(request, failure);
        }
    }

    // Returns what this thread is to send next.
    private LaneRequest? End(LaneRequest request, Exception? failure)
    {
        LaneRequest? next = null;
        bool split = request.Callers.Count > 1 && failure is RaveException refusal && (refusal.IsRefusal || (limits.Reads && IsOfOneKey(refusal)));
        lock (_gate)
        {
            _flying.Remove(request);
            if (split)
            {
                // The leader refused it whole: another limit than ours, an answer that grew too large, or a key that cannot be read. Nothing was done.
                (LaneRequest first, LaneRequest second) = request.Halve();
                AddFirst(second);
                AddFirst(first);
                next = Take();
            }
            else if (_waitingCallers >= WorthSending)
            {
                next = Take();
            }
            else
            {
                _telling++;
            }
        }

        if (split)
        {
            return next;
        }

        Answers answers = new(this, request, failure, holdsLane: next is null);
        if (next is null)
        {
            return answers.Tell();
        }

        // Elsewhere: the code of a caller must not hold up those of the next request.
        ThreadPool.UnsafeQueueUserWorkItem(answers, preferLocal: false);
        return next;
    }

    // Damage is told to those who asked for what is damaged, and not to those whose reads went with it; so is an answer that grows too large.
    private static bool IsOfOneKey(RaveException failure) => failure.Code is ErrorCodes.Corruption or ErrorCodes.IoError or ErrorCodes.TooLarge;

    // What is in flight next; otherwise a place is free.
    private LaneRequest? Take()
    {
        while (_waiting.First is { Value: var request })
        {
            _waiting.RemoveFirst();
            _waitingCallers -= request.Callers.Count;
            _waitingBytes -= request.Body.Length;
            if (request.DropSettled())
            {
                _flying.Add(request);
                _sent = options.TimeProvider.GetTimestamp();
                return request;
            }
        }

        Volatile.Write(ref _free, _free + 1);
        return null;
    }

    private void AddFirst(LaneRequest request)
    {
        _waiting.AddFirst(request);
        _waitingCallers += request.Callers.Count;
        _waitingBytes += request.Body.Length;
    }

    private void ThrowIfFull(long bytes)
    {
        if (_closed)
        {
            throw RemoteStore.Closed();
        }

        if (_waitingCallers > 0 && (_waitingCallers >= LaneLimits.WaitingCallers || _waitingBytes + bytes > LaneLimits.WaitingBytes))
        {
            throw new RaveException(ErrorCodes.Overloaded, $"{_waitingCallers} operations of {_waitingBytes} bytes wait for the leader, which is the limit; await some before submitting more.");
        }
    }

    // Fails those whose deadline has come, and gives up a request that nobody waits for any more.
    private void Expire(long now, long lasts)
    {
        List<(Pending Caller, bool InDoubt)> late = [];
        List<LaneRequest> forgotten = [];
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            long? next = null;
            foreach (LaneRequest request in _flying.Concat(_waiting))
            {
                bool flies = _flying.Contains(request);
                bool isForgotten = flies && request.Callers.TrueForAll(caller => caller.HasDeadline && caller.Since + lasts <= now);
                if (isForgotten)
                {
                    forgotten.Add(request);
                }

                // What waits is left out when its request's turn comes. What flies with others goes on, and one that nobody waits for is not sent any more.
                bool inDoubt = flies && (isForgotten ? request.Attempts.GiveUp() : request.Attempts.MayStillBeApplied);
                foreach (Pending caller in request.Callers.Where(static caller => caller is { IsSettled: false, HasDeadline: true }))
                {
                    long left = caller.Since + lasts - now;
                    if (left <= 0)
                    {
                        // Here, under the lock: its request's turn may come before it is told.
                        if (caller.TryClaim())
                        {
                            late.Add((caller, inDoubt));
                        }
                    }
                    else
                    {
                        next = Math.Min(left, next ?? left);
                    }
                }
            }

            _clock!.SetTo(next ?? (_flying.Count > 0 ? lasts : null));
        }

        late.ForEach(each => each.Caller.FailClaimed(expired(each.InDoubt)));
        forgotten.ForEach(static request => request.Abort.Cancel());
    }
}
