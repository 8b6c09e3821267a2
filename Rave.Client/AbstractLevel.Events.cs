using Rave.Client.Batches;
using Rave.Client.Telemetry;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    /// <summary>
    /// Occurs after a write of this handle has succeeded that changed keys of this level, through any level or batch, and before its call
    /// returns. Simultaneous writes may be reported in any order. Exceptions of a subscriber are logged. For writes of other processes, use
    /// <see cref="ChangesAsync"/>.
    /// </summary>
    public event EventHandler<WriteEventArgs<TKey, TValue>> Written
    {
        add => Database.Observers.Writes.Add(this, value, operations => Raise(value, operations));
        remove => Database.Observers.Writes.Remove(this, value);
    }

    /// <summary>
    /// Occurs after a clear of this handle has succeeded that covers keys of this level. Otherwise as for <see cref="Written"/>.
    /// </summary>
    public event EventHandler<ClearEventArgs<TKey, TValue>> Cleared
    {
        add => Database.Observers.Clears.Add(this, value, cleared => Raise(value, cleared));
        remove => Database.Observers.Clears.Remove(this, value);
    }

    /// <summary>
    /// Registers a hook that is called before each put and delete of this handle on keys of this level, through any level or batch. The
    /// hook can add operations on any level of the handle, such as index entries. They are applied together with the write, or not at all.
    /// It is not called for clears, nor for operations that hooks added. If it throws, nothing is written, and the write fails with
    /// <c>LEVEL_HOOK_ERROR</c>.
    /// </summary>
    /// <param name="hook">Gets the change, and the batch that takes additional operations. It must not block.</param>
    /// <returns>The registration. Dispose it to remove the hook.</returns>
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
            RangeOptions<TKey>? options = cleared.Prefix.AsSpan().SequenceEqual(PrefixBytes) ? cleared.Options as RangeOptions<TKey> : null;
            handler(this, new(new(this, new(ChangeKind.Clear, [], [], cleared.Keys)), options));
        }
    }

    private async ValueTask WriteObservedAsync(
        IReadOnlyList<Operation> operations, WriteOptions options, CancellationToken cancellationToken)
    {
        using Observation? observed = Observation.Start(NameOf(operations), Database);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            Observers observers = Database.Observers;
            IReadOnlyList<Operation> all = observers.RunHooks(operations, Database);
            await WriteDirectlyAsync(all, options, cancellationToken).ConfigureAwait(false);
            observers.Notify(observers.Writes, all);
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }

    private async ValueTask ClearObservedAsync(RangeOptions<TKey>? range, WriteOptions options, CancellationToken cancellationToken)
    {
        using Observation? observed = Observation.Start("clear", Database);
        try
        {
            Scan scan = ToScan(range);
            await Database.Store.ClearAsync(scan, options.Sync, once: null, cancellationToken).ConfigureAwait(false);
            Observers observers = Database.Observers;
            observers.Notify(observers.Clears, new(scan.Bounds.ToRange(), PrefixBytes, range ?? new()));
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
