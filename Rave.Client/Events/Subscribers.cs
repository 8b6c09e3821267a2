namespace Rave.Client;

// Who is told of something, in the order in which they came. Read without a lock: whoever comes or goes makes a new list.
internal sealed class Subscribers<T>
{
    private readonly Lock _gate = new();
    private volatile Subscriber[] _all = [];

    internal bool IsEmpty => _all.Length == 0;

    internal IReadOnlyList<Subscriber> All => _all;

    internal void Add(object owner, Delegate? handler, Action<T> tell)
    {
        if (handler is not null)
        {
            lock (_gate)
            {
                _all = [.. _all, new(owner, handler, tell)];
            }
        }
    }

    // As events do: the one that came last, of those that are equal.
    internal void Remove(object owner, Delegate? handler)
    {
        lock (_gate)
        {
            int index = Array.FindLastIndex(_all, one => ReferenceEquals(one.Owner, owner) && one.Handler.Equals(handler));
            if (index >= 0)
            {
                _all = [.. _all[..index], .. _all[(index + 1)..]];
            }
        }
    }

    internal sealed record Subscriber(object Owner, Delegate Handler, Action<T> Tell);
}
