using Rave.Server.Contracts;

namespace Rave.Server.Storage;

internal sealed partial class Store
{
    // A put, or a del, whose value is empty: at once and without allocating. False where that cannot be: not executed then, and to be written as a batch.
    internal bool TryWrite(OperationType type, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        WriteBatch.CheckKey(key, Limits);
        WriteBatch.CheckValue(value, Limits);
        bool written = key.Length + value.Length <= Limits.BodyBytes && _writes.TryWrite(type, key, value);
        if (written)
        {
            Counts.CountWrites(1);
        }

        return written;
    }

    internal ValueTask PutAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, bool sync, params Precondition[] preconditions) =>
        PutAsync(key, value, sync, session: null, preconditions);

    internal async ValueTask PutAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, bool sync, SessionWrite? session, params Precondition[] preconditions)
    {
        using WriteBatch batch = new(Limits) { Session = session };
        batch.Check(key.Span, preconditions).Put(key.Span, value.Span);
        await WriteAsync(batch, sync).ConfigureAwait(false);
    }

    internal ValueTask DelAsync(ReadOnlyMemory<byte> key, bool sync, params Precondition[] preconditions) =>
        DelAsync(key, sync, session: null, preconditions);

    internal async ValueTask DelAsync(ReadOnlyMemory<byte> key, bool sync, SessionWrite? session, params Precondition[] preconditions)
    {
        using WriteBatch batch = new(Limits) { Session = session };
        batch.Check(key.Span, preconditions).Del(key.Span);
        await WriteAsync(batch, sync).ConfigureAwait(false);
    }

    // Applies all operations or none; throws where a check fails. What was applied before in its session is not applied again. With sync, returns after fsync. Cannot be cancelled: a write that has begun is decided.
    internal ValueTask WriteAsync(WriteBatch batch, bool sync)
    {
        if (batch.Count == 0 && batch.Session is null)
        {
            return default;
        }

        Counts.CountWrites(batch.Count);
        return _writes.WriteAsync(batch, sync);
    }

    // Throws what stops reads or writes at present, if anything does.
    internal async ValueTask ProbeAsync()
    {
        Has([]);
        if (IsReadOnly)
        {
            // Refuses writes as it should.
            return;
        }

        // An empty batch goes all the way through the log and changes nothing.
        using WriteBatch nothing = new(Limits);
        await _writes.WriteAsync(nothing, sync: false).ConfigureAwait(false);
    }
}
