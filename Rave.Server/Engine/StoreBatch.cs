using Rave.Server.LevelDb;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// Puts and dels that are applied all or none, in order, and the checks that they depend on. Refuses what may not be written as it is added.
internal sealed class StoreBatch(Limits limits) : IDisposable
{
    private List<Check>? _checks;

    internal LevelWriteBatch Native { get; } = new();

    // Operations of any kind.
    internal int Count { get; private set; }

    // Whether there is anything to decide before it is applied.
    internal bool IsDecided => _checks is not null || Session is not null || Ends is not null;

    // Depends on what is stored, or on sessions other than its own: nothing may be applied together with it but what comes after.
    internal bool BeginsGroup => _checks is not null || Ends is not null;

    // Nothing to apply, for it was applied before, or elsewhere.
    internal bool IsSettled => Session is { Verdict: not SessionVerdict.GoesAhead };

    // Applied once, with a record of it.
    internal SessionWrite? Session { get; init; }

    // Sessions that are forgotten.
    internal SessionEnd? Ends { get; init; }

    internal IReadOnlyList<Check> Checks => _checks ?? [];

    // For who wants to be told of every write from behind this one on.
    internal bool OpensFeed { get; init; }

    // Deletes a stretch of keys without a gap, as they stood when this change was the newest.
    internal long? ClearsWhatStoodAt { get; init; }

    // What the operations hold in keys, values and tags.
    internal long Bytes { get; private set; }

    internal StoreBatch Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        OperationLimits.CheckKey(key, limits);
        OperationLimits.CheckValue(value, limits);
        Add(key.Length + value.Length);
        Native.Put(key, value);
        return this;
    }

    internal StoreBatch Delete(ReadOnlySpan<byte> key)
    {
        OperationLimits.CheckKey(key, limits);
        return DelStored(key);
    }

    // For a key that a range holds: a program that opened the database directly may have stored longer ones than we take.
    internal StoreBatch DelStored(ReadOnlySpan<byte> key)
    {
        Add(key.Length);
        Native.Delete(key);
        return this;
    }

    // The operations of a body in the binary form.
    internal void Add(ReadOnlySpan<byte> body)
    {
        OperationsBinaryReader operations = new(body);
        while (operations.Read())
        {
            switch (operations.Type)
            {
                case OperationType.Put:
                    Put(operations.Key, operations.Value);
                    break;
                case OperationType.Delete:
                    Delete(operations.Key);
                    break;
                case OperationType.Check:
                    Check(operations.Key, operations.Precondition!);
                    break;
                default:
                    throw operations.Invalid("reads, which is no part of a batch");
            }
        }
    }

    // Nothing is written unless every check holds. A check sees the database as it is before the batch, wherever in it the check stands.
    internal StoreBatch Check(ReadOnlySpan<byte> key, params ReadOnlySpan<Precondition> preconditions)
    {
        foreach (Precondition precondition in preconditions)
        {
            OperationLimits.CheckKey(key, limits);
            Add(key.Length + (precondition.Tags?.Sum(tag => tag.Length) ?? 0));
            (_checks ??= []).Add(new(key.ToArray(), precondition));
        }

        return this;
    }

    public void Dispose() => Native.Dispose();

    private void Add(int bytes)
    {
        OperationLimits.CheckSize(Count + 1L, Bytes + bytes, limits);
        Bytes += bytes;
        Count++;
    }
}
