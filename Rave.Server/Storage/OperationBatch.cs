using Rave.Server.Protocol;

namespace Rave.Server.Storage;

// Gathers operations in the binary form. Invalid operations are refused when added, with the same errors as in the store.
internal sealed class OperationBatch(Limits limits) : IDisposable
{
    // Of a batch of a load: large enough for cheap writes, small enough that other writers hardly wait.
    private readonly int _loadOperations = Math.Min(10_000, limits.BatchOperations);
    private readonly int _loadBytes = Math.Min(1 << 20, limits.ValueBytes);

    private readonly PooledBuffer _body = new();

    internal ReadOnlyMemory<byte> Operations => _body.Written;

    internal int Count { get; private set; }

    // The size of all keys and values.
    internal long Bytes { get; private set; }

    // Whether a load should write it now.
    internal bool IsFull => Count >= _loadOperations || Bytes >= _loadBytes;

    // Whether a load should add an entry of so many bytes. An empty batch takes any entry.
    internal bool HasRoomFor(int bytes) => Count == 0 || (Count < _loadOperations && Bytes + bytes <= _loadBytes);

    internal void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        OperationLimits.CheckKey(key, limits);
        OperationLimits.CheckValue(value, limits);
        Add(key.Length + value.Length);
        OperationsBinaryWriter.Put(_body, key, value);
    }

    internal void Delete(ReadOnlySpan<byte> key)
    {
        OperationLimits.CheckKey(key, limits);
        Add(key.Length);
        OperationsBinaryWriter.Delete(_body, key);
    }

    internal void Check(ReadOnlySpan<byte> key, Precondition precondition)
    {
        OperationLimits.CheckKey(key, limits);
        Add(key.Length);
        OperationsBinaryWriter.Check(_body, key, precondition);
    }

    public void Dispose() => _body.Dispose();

    private void Add(int bytes)
    {
        OperationLimits.CheckSize(Count + 1L, Bytes + bytes, limits);
        Bytes += bytes;
        Count++;
    }
}
