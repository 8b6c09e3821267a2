using Rave.Server.Protocol;

namespace Rave.Server.Storage;

// A store of data: LevelDB in this process, the leader over the socket, or memory. Keys and values are bytes. Writes, and the keys of
// many reads, are in the binary form of operations; answers are in the binary form of entries (docs/http.md). Thread-safe. Failures
// are RaveException or OperationCanceledException. A caller may reuse its bytes as soon as the call returns: a store that answers
// later copies them.
internal interface IStore
{
    // The reader runs once, on any thread. Its exceptions are passed on.
    ValueTask<T> GetAsync<T>(ReadOnlyMemory<byte> key, string? snapshot, ValueReader<T> reader, CancellationToken cancellationToken);

    // Several gets and hases: their entries without keys, in the same order, all of one moment. The caller owns the buffer.
    ValueTask<PooledBuffer> ReadManyAsync(ReadOnlyMemory<byte> keys, string? snapshot, CancellationToken cancellationToken);

    // The next page: at most so many entries, fewer if they are large, none only at the end.
    ValueTask<Page> ReadPageAsync(Scan scan, int entries, CancellationToken cancellationToken);

    // As of one moment.
    ValueTask<long> CountAsync(RangeBounds bounds, string? snapshot, CancellationToken cancellationToken);

    // Puts, deletes and checks, all or none. With sync, it returns when they are on the disk. With once, they are applied once, even if
    // they are sent several times.
    ValueTask WriteAsync(ReadOnlyMemory<byte> operations, bool sync, Once? once, CancellationToken cancellationToken);

    // Deletes in chunks, each of them atomic. A clear that fails or is cancelled keeps its finished chunks. With a snapshot, only its keys.
    ValueTask ClearAsync(Scan scan, bool sync, Once? once, CancellationToken cancellationToken);

    // It expires when it is not used for its time to live, and when this leader ends.
    ValueTask<SnapshotAnswer> OpenSnapshotAsync(TimeSpan timeToLive, CancellationToken cancellationToken);

    ValueTask EndSnapshotAsync(string id, CancellationToken cancellationToken);

    // All later changes, or those after an earlier place. It ends when the engine closes; subscribe again then.
    ValueTask<IChangeSubscription> SubscribeAsync(KeyRange range, FeedPlace? after, CancellationToken cancellationToken);

    // Forgets a session. None of its writes may be in flight: it would be applied as a new write.
    ValueTask EndSessionAsync(string session, CancellationToken cancellationToken);
}
