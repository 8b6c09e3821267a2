using Rave.Server.LevelDb;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// Puts and deletes that are applied in order, all or none, and the checks that they depend on. Invalid operations are refused when added.
internal sealed class StoreBatch(Limits limits) : IDisposable
{
    private List<Check>? _checks;

    internal LevelWriteBatch Native { get; } = new();

    internal int Count { get; private set; }

    // Whether WriteDecision decides it before it is applied.
    internal bool NeedsDecision => _checks is not null || Session is not null || Ends is not null;

    // Whether all earlier writes must be applied before it: it depends on stored data, or ends sessions. Only later writes may join it.
    internal bool BeginsGroup => _checks is not null || Ends is not null;

    // Nothing is left to apply: it was applied before, or by another attempt.
    internal bool IsSettled => Session is { Verdict: not SessionVerdict.Apply };

    // Set for a write that is applied once, with a record.
    internal SessionWrite? Session { get; init; }

    internal SessionEnd? Ends { get; init; }

    internal IReadOnlyList<Check> Checks => _checks ?? [];

    // Turns the change feed on for all later writes.
    internal bool OpensFeed { get; init; }

    // Set for a clear that deletes every key of a range: the newest change when the range was read.
    internal long? ClearPosition { get; init; }

    // The size of all keys, values and tags.
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
        return DeleteStored(key);
    }

    // For a key that is stored. It may be longer than the limit if a program wrote it directly with LevelDB.
    internal StoreBatch DeleteStored(ReadOnlySpan<byte> key)
    {
        Add(key.Length);
        Native.Delete(key);
        return this;
    }

    // Adds operations in the binary form.
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
                    throw operations.Invalid("is a read, and a batch has only writes and checks");
            }
        }
    }

    // Nothing is written unless every check holds. A check sees the database before the batch, wherever it is in the batch.
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
