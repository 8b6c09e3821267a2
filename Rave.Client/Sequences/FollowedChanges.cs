using System.Diagnostics.CodeAnalysis;
using Rave.Client.Changes;

namespace Rave.Client.Sequences;

// The changes of a feed, which has no end.
internal sealed class FollowedChanges<TKey, TValue>(AbstractLevel<TKey, TValue> level, ChangeReader reader)
    : ISequenceSource<Change<TKey, TValue>>
{
    private Change<TKey, TValue>? _next;

    public bool TryTake([MaybeNullWhen(false)] out Change<TKey, TValue> item)
    {
        item = _next;
        _next = null;
        return item is not null;
    }

    public async ValueTask<bool> FetchAsync(CancellationToken cancellationToken)
    {
        _next = new(level, await reader.NextAsync(cancellationToken).ConfigureAwait(false));
        return true;
    }

    public void Dispose() => reader.Dispose();
}
