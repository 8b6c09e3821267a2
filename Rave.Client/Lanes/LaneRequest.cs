using System.Buffers;
using Rave.Client.Failover;
using Rave.Client.Telemetry;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Lanes;

// What one request carries: operations of several callers, or of one that travels alone.
internal sealed class LaneRequest
{
    internal required bool Alone { get; init; }

    internal required bool Sync { get; init; }

    internal required bool Reads { get; init; }

    // All that it reads, it reads from there; null for what is stored now.
    internal string? Snapshot { get; init; }

    // What is done instead of sending the body, where it is no matter of operations.
    internal Func<CancellationToken, Task>? Other { get; init; }

    internal Attempts Attempts => field ??= new(Reads) { End = Abort.Token, Spans = Tracing.IsOn ? Callers.Select(static caller => caller.Span) : [] };

    // Of a write that is applied once: numbers it.
    internal WriteSession? Session { get; set; }

    // Null before it is numbered, and where it has no session.
    internal Once? Once { get; private set; }

    // In the binary form of operations.
    internal PooledBuffer Body { get; private set; } = new(1024);

    internal List<Pending> Callers { get; private init; } = [];

    // Of all callers.
    internal int Count { get; private set; }

    // Where each caller's part of the answer begins, and where the last one's ends.
    private int[] _parts = [];

    // Of a read, in the binary form of entries, until all callers are told.
    internal PooledBuffer? Answer { get; private set; }

    // Cancelled when nobody waits for it any more, and when the lane closes.
    internal CancellationTokenSource Abort { get; } = new();

    internal void Add(Pending caller, ReadOnlySpan<byte> operations)
    {
        caller.Start = Body.Length;
        caller.Length = operations.Length;
        Body.Write(operations);
        Callers.Add(caller);
        Count += caller.Count;
    }

    // Its number, which it keeps however often it is sent.
    internal Once? Number() => Once ??= Session?.Next();

    // Looks at all of an answer before anybody is told, and notes whose entries stand where.
    internal void TakeAnswer(PooledBuffer answer)
    {
        Answer = answer;
        _parts = new int[Callers.Count + 1];
        EntriesBinaryReader entries = new(answer.WrittenSpan);
        for (int caller = 0; caller < Callers.Count; caller++)
        {
            for (int i = 0; i < Callers[caller].Count; i++)
            {
                if (!entries.Read())
                {
                    throw EntriesBinaryReader.Malformed();
                }
            }

            _parts[caller + 1] = answer.Length - entries.Left;
        }

        if (entries.Read())
        {
            throw EntriesBinaryReader.Malformed();
        }
    }

    internal ReadOnlySpan<byte> AnswerOf(int caller) => Answer is null ? default : Answer.WrittenSpan[_parts[caller].._parts[caller + 1]];

    internal ReadOnlySpan<byte> OperationsOf(int caller) => Body.WrittenSpan.Slice(Callers[caller].Start, Callers[caller].Length);

    // Gives its memory back. Not that of the body where an attempt was cut, which may still be sending it.
    internal void Return(bool isAnswered)
    {
        Answer?.Dispose();
        if (isAnswered && Attempts.Lost == 0)
        {
            Body.Dispose();
        }
    }

    // Leaves out whoever has given up while it waited. False when nobody is left.
    internal bool DropSettled()
    {
        if (Callers.Exists(static caller => caller.IsSettled))
        {
            LaneRequest rest = With(Callers.Where(static caller => !caller.IsSettled));
            Body.Dispose();
            Body = rest.Body;
            Callers.Clear();
            Callers.AddRange(rest.Callers);
            Count = rest.Count;
        }

        return Callers.Count > 0;
    }

    // For a request that may succeed in parts.
    internal (LaneRequest First, LaneRequest Second) Halve()
    {
        int middle = Callers.Count / 2;
        return (With(Callers.Take(middle)), With(Callers.Skip(middle)));
    }

    private LaneRequest With(IEnumerable<Pending> callers)
    {
        LaneRequest part = new() { Reads = Reads, Alone = Alone, Sync = Sync, Snapshot = Snapshot, Other = Other };
        foreach (Pending caller in callers)
        {
            part.Add(caller, Body.WrittenSpan.Slice(caller.Start, caller.Length));
        }

        return part;
    }
}
