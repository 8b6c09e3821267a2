namespace Rave.Client.Sequences;

// A sequence for await foreach. It is written by hand, because enumerators that the compiler generates throw if their caller blocks on an
// item that has not arrived. An item that has arrived is returned at once, without allocation.
internal sealed class Sequence<T>(Func<ISequenceSource<T>> begin, CancellationToken cancellationToken) : IAsyncEnumerable<T>
{
    // There may be a token of the call that created the sequence, one of the loop, or both.
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken loop = default)
    {
        CancellationTokenSource? both = cancellationToken.CanBeCanceled && loop.CanBeCanceled && cancellationToken != loop
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, loop)
            : null;
        return new Enumerator(begin, both, both?.Token ?? (loop.CanBeCanceled ? loop : cancellationToken));
    }

    private sealed class Enumerator(Func<ISequenceSource<T>> begin, CancellationTokenSource? both, CancellationToken cancellationToken)
        : IAsyncEnumerator<T>
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
                // The source is created here, so that an invalid range is reported to the code that enumerates.
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
