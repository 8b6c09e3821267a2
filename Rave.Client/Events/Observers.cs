using Microsoft.Extensions.Logging;
using Rave.Client.Batches;
using Rave.Server.Protocol;

namespace Rave.Client;

// Who wants to know what a handle writes, or to add to it. Costs a look at two empty lists while nobody does.
internal sealed class Observers(ILogger logger)
{
    internal Subscribers<IReadOnlyList<Operation>> Writes { get; } = new();

    internal Subscribers<Cleared> Clears { get; } = new();

    internal Subscribers<(Operation Operation, HookBatch Batch)> Hooks { get; } = new();

    internal bool SeeWrites => !Writes.IsEmpty || !Hooks.IsEmpty;

    // The operations and behind them what the hooks add. Hooks see what the caller wrote, not what other hooks add: they cannot go round in circles.
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
                    hook.Tell((operation, batch));
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

    // A subscriber's failure is its own: what it is told of has happened.
    internal void Tell<T>(Subscribers<T> subscribers, T what)
    {
        foreach (Subscribers<T>.Subscriber subscriber in subscribers.All)
        {
            Tell(static told => told.subscriber.Tell(told.what), (subscriber, what));
        }
    }

    internal void Tell<T>(Action<T> subscriber, T what)
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
