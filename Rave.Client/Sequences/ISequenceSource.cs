using System.Diagnostics.CodeAnalysis;

namespace Rave.Client.Sequences;

// Where a sequence's items come from. One call at a time.
internal interface ISequenceSource<T> : IDisposable
{
    // The next item, if it is in hand.
    bool TryTake([MaybeNullWhen(false)] out T item);

    // Whether there is one to take, once it has come. What fails is tried again by the next call.
    ValueTask<bool> FetchAsync(CancellationToken cancellationToken);
}
