using System.Diagnostics.CodeAnalysis;

namespace Rave.Etcd.Changes;

// Changes that were received and not read yet. One side adds, the other one takes.
internal sealed class Inbox
{
    // Once it holds more, nothing is received until half of it is read: etcd would keep what we do not take in its memory, without limit.
    private const int MostBytes = 16 << 20;

    private readonly Lock _gate = new();
    private readonly Queue<Delivery> _waiting = [];
    private TaskCompletionSource? _news;
    private TaskCompletionSource? _room;
    private RaveException? _end;
    private long _bytes;

    internal bool IsFull
    {
        get
        {
            lock (_gate)
            {
                return _bytes > MostBytes;
            }
        }
    }

    internal void Add(IEnumerable<Delivery> deliveries)
    {
        TaskCompletionSource? news;
        lock (_gate)
        {
            foreach (Delivery delivery in deliveries)
            {
                _waiting.Enqueue(delivery);
                _bytes += delivery.Cost;
            }

            news = _news;
            _news = null;
        }

        news?.TrySetResult();
    }

    // What was added can still be read, and after that this is thrown.
    internal void End(RaveException end)
    {
        TaskCompletionSource? news;
        lock (_gate)
        {
            _end ??= end;
            news = _news;
        }

        news?.TrySetResult();
    }

    internal bool TryTake([NotNullWhen(true)] out Delivery? delivery)
    {
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            if (_waiting.TryDequeue(out delivery))
            {
                _bytes -= delivery.Cost;
                room = _bytes <= MostBytes / 2 ? _room : null;
            }
            else if (_end is not null)
            {
                throw _end.Again();
            }
        }

        room?.TrySetResult();
        return delivery is not null;
    }

    // Completes when there is something to take, or the end.
    internal Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _waiting.Count > 0 ? Task.CompletedTask
                : _end is not null ? Task.FromException(_end.Again())
                : WaitForNewsAsync(_news ??= new(TaskCreationOptions.RunContinuationsAsynchronously), cancellationToken);
        }
    }

    internal Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _bytes <= MostBytes / 2 ? Task.CompletedTask
                : (_room = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(cancellationToken);
        }
    }

    private async Task WaitForNewsAsync(TaskCompletionSource news, CancellationToken cancellationToken)
    {
        await news.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            if (_waiting.Count == 0 && _end is not null)
            {
                throw _end.Again();
            }
        }
    }
}
