using System.Buffers;
using Rave.Client.Failover;
using Rave.Client.Telemetry;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Lanes;

// One request: the operations of several callers, or of one caller alone.
internal sealed class LaneRequest
{
    internal required bool Alone { get; init; }

    internal required bool Sync { get; init; }

    internal required bool Reads { get; init; }

    // The snapshot that its reads use, or null.
    internal string? Snapshot { get; init; }

    // Runs instead of sending a body of operations.
    internal Func<Once?, ValueTask>? Work { get; init; }

    internal Attempts Attempts => field ??= new(Reads)
    {
        LaneToken = Abort.Token,
        Spans = Tracing.IsOn ? Callers.Select(static caller => caller.Span) : [],
    };

    // Of a write that is applied once: numbers it.
    internal WriteSession? Session { get; set; }

    // Null before it is numbered, and where it has no session.
    internal Once? Once { get; private set; }

    // In the binary form of operations.
    internal PooledBuffer Body { get; private set; } = new(1024);

    internal List<Pending> Callers { get; private init; } = [];

    // The number of operations of all callers.
    internal int Count { get; private set; }

    // Where the part of each caller begins in the answer, and where the last one ends.
    private int[] _parts = [];

    // The answer of reads, in the binary form of entries.
    internal PooledBuffer? Answer { get; private set; }

    // Cancelled when it has no callers left, and when the lane closes.
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

    // Checks the whole answer before any caller gets its part, and finds the parts.
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

    internal ReadOnlySpan<byte> AnswerOf(int caller) =>
        Answer is null ? default : Answer.WrittenSpan[_parts[caller].._parts[caller + 1]];

    internal ReadOnlySpan<byte> OperationsOf(int caller) => Body.WrittenSpan.Slice(Callers[caller].Start, Callers[caller].Length);

    // Returns its buffers. The body is kept if an attempt was cut: that attempt may still be sending it.
    internal void Return(bool isAnswered)
    {
        Answer?.Dispose();
        if (isAnswered && Attempts.LeadersLost == 0)
        {
            Body.Dispose();
        }
    }

    // Removes the callers that have given up meanwhile. False if no caller is left.
    internal bool RemoveSettled()
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

    // Two requests, each with half of the callers.
    internal (LaneRequest First, LaneRequest Second) Halve()
    {
        int middle = Callers.Count / 2;
        return (With(Callers.Take(middle)), With(Callers.Skip(middle)));
    }

    private LaneRequest With(IEnumerable<Pending> callers)
    {
        LaneRequest part = new() { Reads = Reads, Alone = Alone, Sync = Sync, Snapshot = Snapshot, Work = Work };
        foreach (Pending caller in callers)
        {
            part.Add(caller, Body.WrittenSpan.Slice(caller.Start, caller.Length));
        }

        return part;
    }
}
