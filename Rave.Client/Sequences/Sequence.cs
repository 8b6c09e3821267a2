namespace Rave.Client.Sequences;

// What a loop goes through. Written out, since the enumerators that the compiler makes throw where their caller blocks on an item that has not come yet.
// An item that is in hand is delivered at once, without allocating.
internal sealed class Sequence<T>(Func<ISequenceSource<T>> begin, CancellationToken cancellationToken) : IAsyncEnumerable<T>
{
    // The token may be its maker's, or its loop's, or both.
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken loop = default)
    {
        CancellationTokenSource? both = cancellationToken.CanBeCanceled && loop.CanBeCanceled && cancellationToken != loop
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, loop)
            : null;
        return new Enumerator(begin, both, both?.Token ?? (loop.CanBeCanceled ? loop : cancellationToken));
    }

    private sealed class Enumerator(Func<ISequenceSource<T>> begin, CancellationTokenSource? both, CancellationToken cancellationToken) : IAsyncEnumerator<T>
    {
        private ISequenceSource<T>? _source;
        private bool _disposed;
        private T? _current;

        public T Current => _current!;

        public ValueTask<bool> MoveNextAsync()
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return ValueTask.FromCanceled<bool>(cancellationToken);
            }

            try
            {
                // Begun here and not before: what is wrong with a range is told to who walks it.
                return _disposed ? new(false)
                    : (_source ??= begin()).TryTake(out _current) ? new(true)
                    : FetchAsync(_source);
            }
            catch (Exception failure)
            {
                return ValueTask.FromException<bool>(failure);
            }
        }

        public ValueTask DisposeAsync()
        {
            _disposed = true;
            _source?.Dispose();
            both?.Dispose();
            return default;
        }

        private async ValueTask<bool> FetchAsync(ISequenceSource<T> source) =>
            await source.FetchAsync(cancellationToken).ConfigureAwait(false) && source.TryTake(out _current);
    }
}
