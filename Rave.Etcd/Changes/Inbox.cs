using System.Diagnostics.CodeAnalysis;

namespace Rave.Etcd.Changes;

// A queue of received changes that are not read yet.
internal sealed class Inbox
{
    // Above this, the watch is closed until half of the queue is read. If the watch stayed open, etcd would buffer without limit what
    // we do not read.
    private const int MaxBytes = 16 << 20;

    private readonly Lock _gate = new();
    private readonly Queue<Delivery> _waiting = [];
    private TaskCompletionSource? _added;
    private TaskCompletionSource? _room;
    private RaveException? _end;
    private long _bytes;

    internal bool IsFull
    {
        get
        {
            lock (_gate)
            {
                return _bytes > MaxBytes;
            }
        }
    }

    internal void Add(IEnumerable<Delivery> deliveries)
    {
        TaskCompletionSource? added;
        lock (_gate)
        {
            foreach (Delivery delivery in deliveries)
            {
                _waiting.Enqueue(delivery);
                _bytes += delivery.Cost;
            }

            added = _added;
            _added = null;
        }

        added?.TrySetResult();
    }

    // Added changes can still be read. After them, reads throw this exception.
    internal void End(RaveException end)
    {
        TaskCompletionSource? added;
        lock (_gate)
        {
            _end ??= end;
            added = _added;
        }

        added?.TrySetResult();
    }

    internal bool TryTake([NotNullWhen(true)] out Delivery? delivery)
    {
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            if (_waiting.TryDequeue(out delivery))
            {
                _bytes -= delivery.Cost;
                room = _bytes <= MaxBytes / 2 ? _room : null;
            }
            else if (_end is not null)
            {
                throw _end.Copy();
            }
        }

        room?.TrySetResult();
        return delivery is not null;
    }

    // Completes when there is a change to take, or at the end.
    internal Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _waiting.Count > 0 ? Task.CompletedTask
                : _end is not null ? Task.FromException(_end.Copy())
                : WaitForChangeAsync(_added ??= new(TaskCreationOptions.RunContinuationsAsynchronously), cancellationToken);
        }
    }

    internal Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _bytes <= MaxBytes / 2 ? Task.CompletedTask
                : (_room = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(cancellationToken);
        }
    }

    private async Task WaitForChangeAsync(TaskCompletionSource added, CancellationToken cancellationToken)
    {
        await added.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            if (_waiting.Count == 0 && _end is not null)
            {
                throw _end.Copy();
            }
        }
    }
}
