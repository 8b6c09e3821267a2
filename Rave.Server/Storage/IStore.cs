using Rave.Server.Protocol;

namespace Rave.Server.Storage;

// Everything that holds data: LevelDB in this process, whoever leads, what comes after them. Keys and values are bytes; what is written, and the keys
// of many reads, come in the binary form of operations, and answers in the binary form of entries (docs/http.md). A store answers at once where its
// engine does. Thread-safe. It throws RaveException, or that it was cancelled. Bytes that it is given are its caller's again once a call
// returns: a store that answers later copies them.
internal interface IStore
{
    // The reader runs once, on any thread. What it throws is thrown here.
    ValueTask<T> GetAsync<T>(ReadOnlyMemory<byte> key, string? snapshot, ValueReader<T> reader, CancellationToken cancellationToken);

    ValueTask<bool> HasAsync(ReadOnlyMemory<byte> key, string? snapshot, CancellationToken cancellationToken);

    // Gets and hases. Their entries, without keys, in the same order and all of one moment, in a buffer that is its caller's from then on.
    ValueTask<PooledBuffer> ReadManyAsync(ReadOnlyMemory<byte> keys, string? snapshot, CancellationToken cancellationToken);

    // The next page: at most so many entries, fewer where they are large, none only at the end.
    ValueTask<Page> ReadPageAsync(Scan scan, int entries, CancellationToken cancellationToken);

    // As of one moment.
    ValueTask<long> CountAsync(RangeBounds bounds, string? snapshot, CancellationToken cancellationToken);

    // Puts, dels and checks: all of it is applied, or nothing. With sync, once the disk has it. With a key, once, however often it is sent under that.
    ValueTask WriteAsync(ReadOnlyMemory<byte> operations, bool sync, Once? once, CancellationToken cancellationToken);

    // In chunks, each of them atomic; with a snapshot, only the keys that are in it.
    ValueTask ClearAsync(Scan scan, bool sync, Once? once, CancellationToken cancellationToken);

    // Good until it was not used for the time to live, and for reads of this engine only.
    ValueTask<SnapshotAnswer> OpenSnapshotAsync(TimeSpan timeToLive, CancellationToken cancellationToken);

    ValueTask EndSnapshotAsync(string id, CancellationToken cancellationToken);

    // Every change that is applied from here on, or from an earlier place on. It ends when the engine closes: whoever wants more subscribes again.
    ValueTask<IChangeSubscription> SubscribeAsync(KeyRange range, FeedPlace? after, CancellationToken cancellationToken);

    // Forgets a session of writes. Whoever has still a write of it on the way must not: it would count as new.
    ValueTask EndSessionAsync(string session, CancellationToken cancellationToken);
}
