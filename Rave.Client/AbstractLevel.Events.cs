using Rave.Client.Batches;
using Rave.Client.Telemetry;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    /// <summary>
    /// Raised after a put, del or batch of this handle has succeeded that wrote keys of this level, through whichever level it was asked; before the
    /// call that wrote them returns. Two writes at once may be told in either order. Others' writes are told by the change feed.
    /// What a subscriber throws is logged and hurts nobody else.
    /// </summary>
    public event EventHandler<WriteEventArgs<TKey, TValue>> Written
    {
        add => Database.Observers.Writes.Add(this, value, operations => Raise(value, operations));
        remove => Database.Observers.Writes.Remove(this, value);
    }

    /// <summary>Raised after a clear of this handle has succeeded that covers keys of this level; otherwise as <see cref="Written"/>.</summary>
    public event EventHandler<ClearEventArgs<TKey, TValue>> Cleared
    {
        add => Database.Observers.Clears.Add(this, value, cleared => Raise(value, cleared));
        remove => Database.Observers.Clears.Remove(this, value);
    }

    /// <summary>
    /// Calls a function for every put and del of this handle on keys of this level, before it is written: it may add operations, on any level of
    /// the handle, that are applied with it or not at all, such as an index's. Called for put, del, batches and conditional writes, through whichever
    /// level they are asked; not for clears, and not for what hooks add. What it throws fails the write with <c>LEVEL_HOOK_ERROR</c>: nothing is written then.
    /// </summary>
    /// <param name="hook">Gets the change and where to add operations. It must not wait for anything.</param>
    /// <returns>Dispose it and the hook is not called any more.</returns>
    public IDisposable PreWrite(Action<Change<TKey, TValue>, HookBatch> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        Registration registration = new(Database.Observers.Hooks, hook);
        Database.Observers.Hooks.Add(registration, hook, called =>
        {
            if (IsOwn(called.Operation))
            {
                hook(ToChange(called.Operation), called.Batch);
            }
        });
        return registration;
    }

    private bool IsOwn(Operation operation) => operation.Type != OperationType.Check && operation.Key.AsSpan().StartsWith(PrefixBytes);

    private Change<TKey, TValue> ToChange(Operation operation) =>
        new(this, new(operation.Type == OperationType.Put ? ChangeKind.Put : ChangeKind.Delete, operation.Key, operation.Value));

    private void Raise(EventHandler<WriteEventArgs<TKey, TValue>> handler, IReadOnlyList<Operation> operations)
    {
        Change<TKey, TValue>[] changes = [.. operations.Where(IsOwn).Select(ToChange)];
        if (changes.Length > 0)
        {
            handler(this, new(changes));
        }
    }

    private void Raise(EventHandler<ClearEventArgs<TKey, TValue>> handler, Cleared cleared)
    {
        if (!KeyRange.OfPrefix(PrefixBytes).Intersect(cleared.Keys).IsEmpty)
        {
            RangeOptions<TKey>? asked = cleared.Prefix.AsSpan().SequenceEqual(PrefixBytes) ? cleared.Options as RangeOptions<TKey> : null;
            handler(this, new(new(this, new(ChangeKind.Clear, [], [], cleared.Keys)), asked));
        }
    }

    private async ValueTask WriteSeenAsync(IReadOnlyList<Operation> operations, WriteOptions options, CancellationToken cancellationToken)
    {
        using Observation? observed = Observation.Start(NameOf(operations), Database);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            Observers observers = Database.Observers;
            IReadOnlyList<Operation> all = observers.RunHooks(operations, Database);
            await WriteUnseenAsync(all, options, cancellationToken).ConfigureAwait(false);
            observers.Tell(observers.Writes, all);
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }

    private async ValueTask ClearSeenAsync(RangeOptions<TKey>? range, WriteOptions options, CancellationToken cancellationToken)
    {
        using Observation? observed = Observation.Start("clear", Database);
        try
        {
            Scan scan = ToScan(range);
            await Database.Store.ClearAsync(scan, options.Sync, once: null, cancellationToken).ConfigureAwait(false);
            Observers observers = Database.Observers;
            observers.Tell(observers.Clears, new(scan.Bounds.ToRange(), PrefixBytes, range ?? new()));
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }

    private static string NameOf(IReadOnlyList<Operation> operations) =>
        operations is [var only] ? only.Type == OperationType.Put ? "put" : "del" : "batch";

    private sealed class Registration(Subscribers<(Operation Operation, HookBatch Batch)> hooks, Delegate hook) : IDisposable
    {
        public void Dispose() => hooks.Remove(this, hook);
    }
}
