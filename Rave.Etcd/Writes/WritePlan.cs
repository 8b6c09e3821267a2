using Google.Protobuf;
using Rave.Etcd.Cluster;
using Rave.Etcd.Keys;
using Rave.Etcd.Wire;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Etcd.Writes;

// The transaction of a batch. Of several operations on one key, only the last one is kept, because etcd allows each key once.
internal sealed class WritePlan
{
    private readonly Dictionary<ByteString, int> _places = [];
    private readonly List<RequestOp> _operations = [];
    private readonly List<CheckedKey> _checks = [];

    internal WritePlan(ReadOnlySpan<byte> body, Keyspace keys, Limits limits)
    {
        OperationsBinaryReader operations = new(body);
        while (operations.Read())
        {
            OperationLimits.CheckKey(operations.Key, limits);
            ByteString key = keys.Entry(operations.Key);
            switch (operations.Type)
            {
                case OperationType.Put:
                    CheckValue(operations.Value, limits);
                    Set(key, Ops.Put(key, ByteString.CopyFrom(operations.Value)));
                    break;
                case OperationType.Delete:
                    Set(key, Ops.Delete(key));
                    break;
                case OperationType.Check:
                    _checks.Add(new(operations.Key.ToArray(), key, operations.Precondition!));
                    break;
                default:
                    throw operations.Invalid("reads, which is no part of a batch");
            }

            Count++;
        }

        int largest = Math.Max(_operations.Count, _checks.Count);
        if (largest > limits.BatchOperations)
        {
            throw EtcdFailures.TooManyOperations(largest, limits.BatchOperations);
        }
    }

    // The number of all operations of the batch.
    internal int Count { get; }

    internal IReadOnlyList<RequestOp> Operations => _operations;

    internal IReadOnlyList<CheckedKey> Checks => _checks;

    // Whether values must be read before the write.
    internal bool NeedsValues => _checks.Exists(check => check.NeedsValue);

    // Such a batch frees space, and etcd accepts it even if its database is full.
    internal bool OnlyDeletes => _operations.TrueForAll(operation => operation.DeleteRange is not null);

    // The first key whose check failed in the last read, or null.
    internal byte[]? FailedKey => _checks.Find(check => !check.Holds)?.Key;

    // Reads all checked keys at one revision.
    internal TxnRequest Reads() => new() { Success = { _checks.Select(check => check.Read) } };

    // Applies the batch. If a check fails, it only reads the checked keys. The two optional records are for these two cases.
    internal TxnRequest Request(RequestOp? applied, RequestOp? refused)
    {
        TxnRequest request = new()
        {
            Compare = { _checks.Select(check => check.Compare) },
            Success = { _operations },
            Failure = { _checks.Select(check => check.Read) },
        };
        if (applied is not null)
        {
            request.Success.Add(applied);
        }

        if (refused is not null)
        {
            request.Failure.Add(refused);
        }

        if (request.Success.Count == 0)
        {
            // A member answers a transaction without operations from its own state, which may be old. With a read, the answer is current.
            request.Success.Add(_checks[0].Read);
        }

        return request;
    }

    // Stores the results of the checks' reads.
    internal void Found(TxnResponse response)
    {
        for (int i = 0; i < _checks.Count; i++)
        {
            _checks[i].Found(response.Responses[i].Range);
        }
    }

    private void Set(ByteString key, RequestOp operation)
    {
        if (_places.TryAdd(key, _operations.Count))
        {
            _operations.Add(operation);
        }
        else
        {
            _operations[_places[key]] = operation;
        }
    }

    private static void CheckValue(ReadOnlySpan<byte> value, Limits limits)
    {
        if (value.Length > limits.ValueBytes)
        {
            throw new RaveException(
                ErrorCodes.TooLarge,
                $"The value has {value.Length} bytes. The limit is {limits.ValueBytes}. Start etcd with a higher --max-request-bytes"
                    + " to store larger values.");
        }
    }
}
