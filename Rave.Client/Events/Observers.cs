using Microsoft.Extensions.Logging;
using Rave.Client.Batches;
using Rave.Server.Protocol;

namespace Rave.Client;

// The subscribers and hooks of a handle's writes. Without any, a write only checks two empty lists.
internal sealed class Observers(ILogger logger)
{
    internal Subscribers<IReadOnlyList<Operation>> Writes { get; } = new();

    internal Subscribers<Cleared> Clears { get; } = new();

    internal Subscribers<(Operation Operation, HookBatch Batch)> Hooks { get; } = new();

    internal bool HasWriteObservers => !Writes.IsEmpty || !Hooks.IsEmpty;

    // Returns the operations, followed by those that the hooks add. Hooks see only the operations of the caller, so that they cannot call
    // each other endlessly.
    internal IReadOnlyList<Operation> RunHooks(IReadOnlyList<Operation> operations, Database database)
    {
        if (Hooks.IsEmpty)
        {
            return operations;
        }

        HookBatch batch = new(database);
        try
        {
            foreach (Operation operation in operations.Where(operation => operation.Type != OperationType.Check))
            {
                foreach (Subscribers<(Operation, HookBatch)>.Subscriber hook in Hooks.All)
                {
                    hook.Notify((operation, batch));
                }
            }
        }
        catch (Exception cause)
        {
            throw new RaveException(ErrorCodes.HookError, $"A PreWrite hook failed, and nothing was written: {cause.Message}", cause);
        }
        finally
        {
            batch.Close();
        }

        return [.. operations, .. batch.Added];
    }

    internal void Notify<T>(Subscribers<T> subscribers, T what)
    {
        foreach (Subscribers<T>.Subscriber subscriber in subscribers.All)
        {
            Notify(static both => both.subscriber.Notify(both.what), (subscriber, what));
        }
    }

    // The event has happened already, so an exception of a subscriber is only logged.
    internal void Notify<T>(Action<T> subscriber, T what)
    {
        try
        {
            subscriber(what);
        }
        catch (Exception cause)
        {
            Log.SubscriberFailed(logger, cause);
        }
    }
}
