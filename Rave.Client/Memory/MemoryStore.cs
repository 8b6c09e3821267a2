using System.Collections.Immutable;
using Rave.Client.Failover;
using Rave.Server.Engine;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Memory;

// A store in the memory of this process, for tests of programs. A state never changes: a write makes a new one. So readers need no lock,
// and a snapshot is an old state.
internal sealed partial class MemoryStore(Limits limits, TimeProvider time) : IStore, IEngine, IDisposable
{
    private readonly Lock _gate = new();
    private readonly ChangeFeed _changes = new(limits.Subscribers);
    private readonly MemorySnapshots _snapshots = new(limits.Snapshots, time);
    private readonly CancellationTokenSource _closing = new();
    private volatile ImmutableSortedSet<MemoryEntry> _entries = ImmutableSortedSet.Create(MemoryEntry.ByKey);

    internal CancellationToken Closing => _closing.Token;

    public ValueTask WriteAsync(ReadOnlyMemory<byte> operations, bool sync, Once? once, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        if (once is not null)
        {
            throw new NotSupportedException("A database in memory takes no idempotency keys.");
        }

        OperationLimits.Check(operations.Span, limits, out _);
        using PooledBuffer changed = new();
        lock (_gate)
        {
            ImmutableSortedSet<MemoryEntry>.Builder next = _entries.ToBuilder();
            int changes = Apply(operations.Span, next, changed);
            Commit(next, new ChangeBatch(changed.Written.ToArray(), changes));
        }

        return default;
    }

    public ValueTask ClearAsync(Scan scan, bool sync, Once? once, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        using PooledBuffer changed = new();
        lock (_gate)
        {
            ImmutableSortedSet<MemoryEntry>.Builder next = _entries.ToBuilder();
            // With a snapshot, only the keys in it are deleted, even if their values have changed.
            byte[][] keys = [.. Within(StateOf(scan.Snapshot), scan).Where(next.Remove).Select(entry => entry.Key)];
            int changes = WriteCleared(keys, scan, changed);
            Commit(next, new ChangeBatch(changed.Written.ToArray(), changes));
        }

        return default;
    }

    public ValueTask<SnapshotAnswer> OpenSnapshotAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return new(_snapshots.Open(_entries, timeToLive));
    }

    public ValueTask EndSnapshotAsync(string id, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        _snapshots.End(id);
        return default;
    }

    public ValueTask<IChangeSubscription> SubscribeAsync(KeyRange range, FeedPlace? after, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        lock (_gate)
        {
            _changes.Enable();
            return new(_changes.Subscribe(range, after, epoch: 0));
        }
    }

    // There are no sessions.
    public ValueTask EndSessionAsync(string session, CancellationToken cancellationToken) => default;

    public void Dispose()
    {
        _closing.Cancel();
        _changes.Dispose();
    }

    // Checks see the state before the batch. Nothing changes unless all of them hold.
    private int Apply(ReadOnlySpan<byte> body, ImmutableSortedSet<MemoryEntry>.Builder next, PooledBuffer changed)
    {
        int changes = 0;
        OperationsBinaryReader operations = new(body);
        while (operations.Read())
        {
            MemoryEntry entry = new(operations.Key.ToArray(), operations.Value.ToArray());
            switch (operations.Type)
            {
                case OperationType.Put:
                    next.Remove(entry);
                    next.Add(entry);
                    ChangeBatch.Write(changed, ChangeType.Put, entry.Key, entry.Value);
                    changes++;
                    break;
                case OperationType.Delete:
                    next.Remove(entry);
                    ChangeBatch.Write(changed, ChangeType.Delete, entry.Key, default);
                    changes++;
                    break;
                case OperationType.Check when !operations.Precondition!.Holds(ETagOf(entry)):
                    throw Precondition.Failed(entry.Key);
                case OperationType.Check:
                    break;
                default:
                    throw operations.Invalid("is a read, and a batch has only writes and checks");
            }
        }

        return changes;
    }

    // As one range if no key is left between the first and the last one.
    private static int WriteCleared(byte[][] keys, Scan scan, PooledBuffer changed)
    {
        if (scan.Snapshot is null && keys.Length > 0)
        {
            (byte[] from, byte[] to) = scan.Reverse ? (keys[^1], keys[0]) : (keys[0], keys[^1]);
            ChangeBatch.Write(changed, ChangeType.Clear, from, to);
            return 1;
        }

        foreach (byte[] key in keys)
        {
            ChangeBatch.Write(changed, ChangeType.Delete, key, default);
        }

        return keys.Length;
    }

    private string? ETagOf(MemoryEntry entry) => _entries.TryGetValue(entry, out MemoryEntry stored) ? ETag.Of(stored.Value) : null;

    private void Commit(ImmutableSortedSet<MemoryEntry>.Builder next, ChangeBatch changes)
    {
        _entries = next.ToImmutable();
        if (changes.Count > 0)
        {
            _changes.Publish(changes);
        }
    }

    // Throws if it is closed or cancelled.
    internal void Begin(CancellationToken cancellationToken)
    {
        if (_closing.IsCancellationRequested)
        {
            throw RemoteStore.Closed();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }
}
