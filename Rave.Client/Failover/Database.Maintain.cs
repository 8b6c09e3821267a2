using Rave.Server.Storage;

namespace Rave.Client.Failover;

internal sealed partial class Database
{
    internal ValueTask<long> ApproximateSizeAsync(KeyRange range, CancellationToken cancellationToken) =>
        TryLocal(static (store, range) => store.ApproximateSize(range), range, cancellationToken, out long bytes)
            ? new(bytes)
            : new(_remote.ApproximateSizeAsync(range, cancellationToken));

    // A leader that stops in the middle ends it between two steps; the next one then does all of it.
    internal async ValueTask CompactAsync(KeyRange range, CancellationToken cancellationToken)
    {
        if (!await TryLocalAsync(store => new(store.CompactAsync(range, cancellationToken)), cancellationToken).ConfigureAwait(false))
        {
            await _remote.CompactAsync(range, cancellationToken).ConfigureAwait(false);
        }
    }

    internal ValueTask<string?> PropertyAsync(string name, CancellationToken cancellationToken) =>
        TryLocal(static (store, name) => store.Property(name), name, cancellationToken, out string? text)
            ? new(text)
            : new(_remote.PropertyAsync(name, cancellationToken));
}
