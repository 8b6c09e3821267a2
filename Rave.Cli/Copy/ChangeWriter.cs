using Rave.Server.Storage;

namespace Rave.Cli.Copy;

// Writes what differs to the target, in batches that it takes. Each batch is applied before the next one is sent.
internal sealed class ChangeWriter(CopyTarget target) : IDisposable
{
    private OperationBatch _batch = new(target.Limits);
    private long _putsInBatch;

    // What the target has acknowledged.
    internal long Put { get; private set; }

    internal long Deleted { get; private set; }

    internal long Bytes { get; private set; }

    internal async ValueTask AddAsync(EntryPair pair, CancellationToken cancellationToken)
    {
        if (!_batch.HasRoomFor(pair.Bytes))
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        if (pair.Source is null)
        {
            _batch.Delete(pair.Key);
        }
        else
        {
            _batch.Put(pair.Key, pair.Source);
            _putsInBatch++;
        }
    }

    internal async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_batch.Count == 0)
        {
            return;
        }

        await target.WriteAsync(_batch.Operations, cancellationToken).ConfigureAwait(false);
        Put += _putsInBatch;
        Deleted += _batch.Count - _putsInBatch;
        Bytes += _batch.Bytes;
        _putsInBatch = 0;
        _batch.Dispose();
        _batch = new(target.Limits);
    }

    public void Dispose() => _batch.Dispose();
}
