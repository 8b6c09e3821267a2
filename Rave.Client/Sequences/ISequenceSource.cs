using System.Diagnostics.CodeAnalysis;

namespace Rave.Client.Sequences;

// The source of the items of a sequence. One call at a time.
internal interface ISequenceSource<T> : IDisposable
{
    // Takes the next item, if it has arrived.
    bool TryTake([MaybeNullWhen(false)] out T item);

    // Waits for the next item, and returns false at the end. If a call fails, the next call tries again.
    ValueTask<bool> FetchAsync(CancellationToken cancellationToken);
}
