using Rave.Client.Failover;
using Rave.Client.Telemetry;
using Rave.Server.Storage;

namespace Rave.Client.Lanes;

// Sends operations in the order in which they came, with few requests in flight. Operations that come meanwhile share the next request.
// None joins a request in flight: its answer may be older than a write that was acknowledged since. A single operation is sent at once,
// on its caller's thread.
internal sealed class Lane(
    LaneLimits limits, RaveOptions options, Func<LaneRequest, Task> send, Func<bool, RaveException> timedOut) : IDisposable
{
    // Callers that get their answers submit their next operations. These are gathered until all callers have their answers, since a
    // small request is not worth its round trip. But so many waiting callers are sent at once.
    private const int EnoughCallers = 64;

    // If the last request was sent longer ago than this, it is slow, and waiting operations use a free place. Otherwise they are gathered.
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly LinkedList<LaneRequest> _waiting = new();
    private readonly List<LaneRequest> _inFlight = [];
    private LaneClock? _clock;
    private int _free = limits.Requests;
    private int _answering;
    private long _sent;
    private int _waitingCallers;
    private long _waitingBytes;
    private bool _closed;

    // Nothing waits, nothing is in flight, and all callers have their answers.
    internal bool IsIdle => Volatile.Read(ref _free) == limits.Requests;

    // Copies the operations before it returns.
    internal void Submit(
        Pending pending, ReadOnlySpan<byte> operations, bool alone, bool sync, string? snapshot = null, Func<Once?, ValueTask>? work = null)
    {
        LaneRequest? now = null;
        pending.Span = Tracing.Current;
        lock (_gate)
        {
            ThrowIfFull(operations.Length);
            pending.SubmittedAt = options.TimeProvider.GetTimestamp();
            LaneRequest? last = alone ? null : _waiting.Last?.Value;
            bool joins = last is not null && CanJoin(last, pending.Count, operations.Length, sync, snapshot);
            LaneRequest request = joins
                ? last!
                : new() { Reads = limits.Reads, Alone = alone, Sync = sync, Snapshot = snapshot, Work = work };
            request.Add(pending, operations);
            if (_free == limits.Requests)
            {
                _free--;
                _inFlight.Add(request);
                _sent = pending.SubmittedAt;
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

                if (_answering > 0 && _waitingCallers >= EnoughCallers)
                {
                    _answering--;
                    now = Take();
                }
                else if (_free > 0 && (_waitingCallers >= EnoughCallers || LastIsSlow(pending.SubmittedAt)))
                {
                    _free--;
                    now = Take();
                }
            }

            _clock ??= new(options.TimeProvider, options.OperationTimeout, Expire);
            _clock.Start();
        }

        if (now is not null)
        {
            _ = RunAsync(now);
        }
    }

    // Fails all waiting operations and those in flight.
    public void Dispose()
    {
        LaneRequest[] inFlight;
        LaneRequest[] waiting;
        lock (_gate)
        {
            _closed = true;
            inFlight = [.. _inFlight];
            waiting = [.. _waiting];
            _waiting.Clear();
            _waitingCallers = 0;
            _waitingBytes = 0;
            _clock?.Dispose();
        }

        foreach (LaneRequest request in inFlight)
        {
            bool inDoubt = request.Attempts.GiveUp();
            request.Callers.ForEach(caller => caller.Fail(RemoteStore.Closed(inDoubt)));
            request.Abort.Cancel();
        }

        Array.ForEach(waiting, static request => request.Callers.ForEach(static caller => caller.Fail(RemoteStore.Closed())));
    }

    // Before the last caller of a request gets its answer. Returns the next request, if there is one to send.
    internal LaneRequest? TakeAfterAnswers()
    {
        lock (_gate)
        {
            if (_answering == 0)
            {
                // Enough callers came meanwhile, and their request was sent already.
                return null;
            }

            _answering--;
            return Take();
        }
    }

    // Sends a request, and then those that were gathered meanwhile, until nothing waits.
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

    // Returns the request that this thread is to send next.
    private LaneRequest? End(LaneRequest request, Exception? failure)
    {
        LaneRequest? next = null;
        bool split = request.Callers.Count > 1
            && failure is RaveException refusal && (refusal.IsRefusal || (limits.Reads && ConcernsOneKey(refusal)));
        lock (_gate)
        {
            _inFlight.Remove(request);
            if (split)
            {
                // The leader refused the whole request: it has another limit, the answer is too large, or a key cannot be read. Nothing was
                // executed, so each half is tried alone.
                (LaneRequest first, LaneRequest second) = request.Halve();
                AddFirst(second);
                AddFirst(first);
                next = Take();
            }
            else if (_waitingCallers >= EnoughCallers)
            {
                next = Take();
            }
            else
            {
                _answering++;
            }
        }

        if (split)
        {
            return next;
        }

        Answers answers = new(this, request, failure, holdsPlace: next is null);
        if (next is null)
        {
            return answers.Complete();
        }

        // On another thread: the code of a caller must not delay the next request.
        ThreadPool.UnsafeQueueUserWorkItem(answers, preferLocal: false);
        return next;
    }

    // A damaged or large entry. Reads of other keys in the same request must not fail with it.
    private static bool ConcernsOneKey(RaveException failure) =>
        failure.Code is ErrorCodes.Corruption or ErrorCodes.IoError or ErrorCodes.TooLarge;

    // A sync write begins a new request, so that earlier writes need not wait for the disk. Later writes may join it: they wait anyway.
    private bool CanJoin(LaneRequest last, int count, int bytes, bool sync, string? snapshot) =>
        !last.Alone && (last.Sync || !sync) && last.Snapshot == snapshot
        && last.Body.Length + bytes <= limits.RequestBytes && last.Count + count <= limits.RequestCount;

    private bool LastIsSlow(long now) => options.TimeProvider.GetElapsedTime(_sent, now) > Slow;

    // The next request in flight. Null if nothing waits: its place is free then.
    private LaneRequest? Take()
    {
        while (_waiting.First is { Value: var request })
        {
            _waiting.RemoveFirst();
            _waitingCallers -= request.Callers.Count;
            _waitingBytes -= request.Body.Length;
            if (request.RemoveSettled())
            {
                _inFlight.Add(request);
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
            throw new RaveException(
                ErrorCodes.Overloaded,
                $"Too much waits for the leader: {_waitingCallers} operations of {_waitingBytes} bytes. Await some before you start more.");
        }
    }

    // Fails the callers whose deadline has passed, and gives up a request that has no callers left.
    private void Expire(long now, long timeout)
    {
        List<(Pending Caller, bool InDoubt)> late = [];
        List<LaneRequest> abandoned = [];
        bool IsLate(Pending caller) => caller.HasDeadline && caller.SubmittedAt + timeout <= now;
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            long? next = null;
            foreach (LaneRequest request in _inFlight.Concat(_waiting))
            {
                bool isInFlight = _inFlight.Contains(request);
                bool isAbandoned = isInFlight && request.Callers.TrueForAll(IsLate);
                if (isAbandoned)
                {
                    abandoned.Add(request);
                }

                // A waiting operation is removed before its request is sent. A request in flight continues while it has other callers.
                bool inDoubt = isInFlight && (isAbandoned ? request.Attempts.GiveUp() : !request.Reads);
                foreach (Pending caller in request.Callers.Where(static caller => caller is { IsSettled: false, HasDeadline: true }))
                {
                    long left = caller.SubmittedAt + timeout - now;
                    if (left <= 0)
                    {
                        // Under the lock: its request may be sent before the caller gets its failure.
                        if (caller.TrySettle())
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

            _clock!.Restart(next ?? (_inFlight.Count > 0 ? timeout : null));
        }

        late.ForEach(each => each.Caller.FailSettled(timedOut(each.InDoubt)));
        abandoned.ForEach(static request => request.Abort.Cancel());
    }
}
