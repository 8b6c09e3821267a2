using System.Buffers;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Lanes;

// The reads of one handle that follows: single keys and many, gathered into get-manys.
internal sealed class ReadLane : IDisposable
{
    // Two, so that the leader reads for the one while the callers of the other are told.
    private static readonly LaneLimits OfReads = new(Requests: 2, RequestBytes: 1 << 20, RequestCount: 10_000, Reads: true);

    // The operation of a key of usual length stands on the stack until the lane has it.
    private const int StackBytes = 256;

    private readonly Lane _lane;
    private readonly Limits _limits;

    internal ReadLane(
        Limits limits, RaveOptions options, Func<LaneRequest, ValueTask<PooledBuffer>> send, Func<bool, RaveException> expired)
    {
        _limits = limits;
        _lane = new(OfReads, options, async request => request.TakeAnswer(await send(request).ConfigureAwait(false)), expired);
    }

    // A get or a has.
    internal ValueTask<T> AskAsync<T>(
        OperationType type, ReadOnlySpan<byte> key, ValueReader<T> reader, string? snapshot, CancellationToken cancellationToken)
    {
        OperationLimits.CheckKeyLength(key.Length, _limits);
        int most = OperationsBinaryWriter.KeyFraming + key.Length;
        byte[]? rented = most > StackBytes ? ArrayPool<byte>.Shared.Rent(most) : null;
        Span<byte> operation = rented ?? stackalloc byte[StackBytes];
        operation = operation[..OperationsBinaryWriter.WriteKey(operation, type, key)];
        ValueTask<T> answer = Submit(new PendingRead<T>(reader) { Count = 1 }, operation, snapshot, cancellationToken).Answer;
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return answer;
    }

    // Gets and hases, which are copied before it returns. They are checked here, so that only reads that cannot fail alone share a request.
    internal ValueTask<PooledBuffer> AskManyAsync(ReadOnlySpan<byte> operations, string? snapshot, CancellationToken cancellationToken)
    {
        int count = 0;
        OperationsBinaryReader keys = new(operations);
        while (keys.ReadKey())
        {
            count++;
            OperationLimits.CheckKeyLength(keys.Key.Length, _limits);
        }

        if (count == 0 && snapshot is null)
        {
            PooledBuffer nothing = new(2);
            EntriesBinaryWriter.WriteEnd(nothing);
            return new(nothing);
        }

        return Submit(new PendingReads { Count = count }, operations, snapshot, cancellationToken).Answer;
    }

    public void Dispose() => _lane.Dispose();

    private T Submit<T>(T caller, ReadOnlySpan<byte> operations, string? snapshot, CancellationToken cancellationToken)
        where T : Pending
    {
        caller.CancelBy(cancellationToken);
        bool alone = operations.Length > LaneLimits.SharedBytes || caller.Count > OfReads.RequestCount;
        _lane.Submit(caller, operations, alone, sync: false, snapshot);
        return caller;
    }
}
