namespace Rave.Tests.History;

internal enum OperationKind
{
    // Value is the value that was read, or null if there was none.
    Get,

    // Of a value, or of none: a del.
    Put,

    // A put if Expected is stored. Null means that nothing is stored.
    CompareAndSet,
}

internal enum Outcome
{
    Done,

    // Of a compare-and-set: something else was stored.
    Refused,

    // Applied once, or not at all.
    Unknown,
}

// An operation of one process on one key, between two times of the machine's clock. If the outcome is unknown, Returned is the latest
// time at which it can have been applied.
internal sealed record HistoryOperation(string Process, string Key, OperationKind Kind, string? Value, string? Expected, Outcome Outcome,
    long Invoked, long Returned)
{
    internal const long Never = long.MaxValue;

    internal bool IsRead => Kind == OperationKind.Get;

    public override string ToString()
    {
        string what = Kind switch
        {
            OperationKind.Get => $"get {Key} = {Value ?? "none"}",
            OperationKind.Put => Value is null ? $"del {Key}" : $"put {Key} {Value}",
            _ => $"set {Key} {Expected ?? "none"} to {Value ?? "none"}",
        };
        return $"{Invoked}..{(Returned == Never ? "" : Returned)} {Process}: {what}{(Outcome == Outcome.Done ? "" : $" ({Outcome})")}";
    }
}
