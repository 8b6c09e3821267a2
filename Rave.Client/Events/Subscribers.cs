namespace Rave.Client;

// The subscribers of one event, in the order of their subscription. Reading needs no lock, because every change creates a new list.
internal sealed class Subscribers<T>
{
    private readonly Lock _gate = new();
    private volatile Subscriber[] _all = [];

    internal bool IsEmpty => _all.Length == 0;

    internal IReadOnlyList<Subscriber> All => _all;

    internal void Add(object owner, Delegate? handler, Action<T> notify)
    {
        if (handler is not null)
        {
            lock (_gate)
            {
                _all = [.. _all, new(owner, handler, notify)];
            }
        }
    }

    // Of equal handlers, the last one is removed, as for any .NET event.
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

    internal sealed record Subscriber(object Owner, Delegate Handler, Action<T> Notify);
}
