using Rave.Server.Engine;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Tests.Storage;

internal static class StoreWrites
{
    internal static ValueTask PutAsync(this IStore store, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, bool sync,
        params Precondition[] preconditions) =>
        store.WriteAsync(key, preconditions, body => OperationsBinaryWriter.Put(body, key.Span, value.Span), sync);

    // In a session. The writer sets its outcome.
    internal static async ValueTask PutAsync(
        this LevelStore store, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, bool sync, SessionWrite session,
            params Precondition[] preconditions)
    {
        using StoreBatch batch = new(store.Limits) { Session = session };
        await store.WriteAsync(batch.Check(key.Span, preconditions).Put(key.Span, value.Span), sync);
    }

    internal static async ValueTask DeleteAsync(this LevelStore store, ReadOnlyMemory<byte> key, bool sync, SessionWrite session)
    {
        using StoreBatch batch = new(store.Limits) { Session = session };
        await store.WriteAsync(batch.Delete(key.Span), sync);
    }

    internal static ValueTask DeleteAsync(this IStore store, ReadOnlyMemory<byte> key, bool sync, params Precondition[] preconditions) =>
        store.WriteAsync(key, preconditions, body => OperationsBinaryWriter.Delete(body, key.Span), sync);

    internal static ValueTask ClearAsync(this IStore store, Scan scan, bool sync, CancellationToken cancellationToken) =>
        store.ClearAsync(scan, sync, once: null, cancellationToken);

    internal static ValueTask ClearAsync(this IStore store, Scan scan, bool sync, IdempotencyKey once,
        CancellationToken cancellationToken) =>
        store.ClearAsync(scan, sync, new Once(once), cancellationToken);

    // Unchecked: it is the store that has to refuse.
    private static async ValueTask WriteAsync(this IStore store, ReadOnlyMemory<byte> key, Precondition[] preconditions,
        Action<PooledBuffer> write, bool sync)
    {
        using PooledBuffer body = new();
        foreach (Precondition precondition in preconditions)
        {
            OperationsBinaryWriter.Check(body, key.Span, precondition);
        }

        write(body);
        await store.WriteAsync(body.Written, sync, once: null, CancellationToken.None);
    }
}
