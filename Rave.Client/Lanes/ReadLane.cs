using System.Buffers;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Lanes;

// The reads of a handle that follows. They are gathered into get-many requests.
internal sealed class ReadLane : IDisposable
{
    // Two requests, so that the leader reads for one while the callers of the other get their answers.
    private static readonly LaneLimits OfReads = new(Requests: 2, RequestBytes: 1 << 20, RequestCount: 10_000, Reads: true);

    // An operation up to this size is built on the stack.
    private const int StackBytes = 256;

    private readonly Lane _lane;
    private readonly Limits _limits;

    internal ReadLane(
        Limits limits, RaveOptions options, Func<LaneRequest, ValueTask<PooledBuffer>> send, Func<bool, RaveException> timedOut)
    {
        _limits = limits;
        _lane = new(OfReads, options, async request => request.TakeAnswer(await send(request).ConfigureAwait(false)), timedOut);
    }

    internal ValueTask<T> GetAsync<T>(
        ReadOnlySpan<byte> key, string? snapshot, ValueReader<T> reader, CancellationToken cancellationToken)
    {
        OperationLimits.CheckKeyLength(key.Length, _limits);
        int most = OperationsBinaryWriter.KeyFraming + key.Length;
        byte[]? rented = most > StackBytes ? ArrayPool<byte>.Shared.Rent(most) : null;
        Span<byte> operation = rented ?? stackalloc byte[StackBytes];
        OperationType type = reader.NeedsValue ? OperationType.Get : OperationType.Has;
        operation = operation[..OperationsBinaryWriter.WriteKey(operation, type, key)];
        ValueTask<T> answer = Submit(new PendingRead<T>(reader) { Count = 1 }, operation, snapshot, cancellationToken).Answer;
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return answer;
    }

    // Copies the operations before it returns. They are checked first, so that an invalid one does not fail others in its request.
    internal ValueTask<PooledBuffer> ReadManyAsync(ReadOnlySpan<byte> operations, string? snapshot, CancellationToken cancellationToken)
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
        caller.CancelWith(cancellationToken);
        bool alone = operations.Length > LaneLimits.SharedBytes || caller.Count > OfReads.RequestCount;
        _lane.Submit(caller, operations, alone, sync: false, snapshot);
        return caller;
    }
}
