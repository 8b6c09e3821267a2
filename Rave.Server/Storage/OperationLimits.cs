using Rave.Server.Protocol;

namespace Rave.Server.Storage;

// The limits of writes. Batches, lanes and stores check the same ones.
internal static class OperationLimits
{
    // Checks operations in the binary form, and counts them.
    internal static int Check(ReadOnlySpan<byte> body, Limits limits, out bool hasChecks)
    {
        hasChecks = false;
        int count = 0;
        long bytes = 0;
        OperationsBinaryReader operations = new(body);
        while (operations.Read())
        {
            CheckKey(operations.Key, limits);
            CheckValue(operations.Value, limits);
            bytes += operations.Key.Length + operations.Value.Length;
            CheckSize(++count, bytes, limits);
            hasChecks |= operations.Type == OperationType.Check;
        }

        return count;
    }

    internal static void CheckKeyLength(int length, Limits limits)
    {
        if (length > limits.KeyBytes)
        {
            throw new RaveException(ErrorCodes.TooLarge, $"The key has {length} bytes, but the limit is {limits.KeyBytes}.");
        }
    }

    internal static void CheckKey(ReadOnlySpan<byte> key, Limits limits)
    {
        CheckKeyLength(key.Length, limits);
        if (ReservedKeys.Contains(key))
        {
            throw ReservedKeys.NotAllowed();
        }
    }

    internal static void CheckValue(ReadOnlySpan<byte> value, Limits limits)
    {
        if (value.Length > limits.ValueBytes)
        {
            throw new RaveException(ErrorCodes.TooLarge, $"The value has {value.Length} bytes, but the limit is {limits.ValueBytes}.");
        }
    }

    // A follower sends its batches as bodies, and a leader's own have the same limit.
    internal static int BatchBytes(Limits limits) => Math.Min(limits.BatchBytes, limits.BodyBytes);

    internal static void CheckSize(long operations, long bytes, Limits limits)
    {
        int mostBytes = BatchBytes(limits);
        if (operations > limits.BatchOperations || bytes > mostBytes)
        {
            string limit = operations > limits.BatchOperations ? $"{limits.BatchOperations} operations" : $"{mostBytes} bytes";
            throw new RaveException(ErrorCodes.TooLarge, $"A batch holds at most {limit}. Write several batches.");
        }
    }
}
