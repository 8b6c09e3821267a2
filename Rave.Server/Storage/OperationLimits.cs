using Rave.Server.Protocol;

namespace Rave.Server.Storage;

// What may be written, the same wherever it is checked: where operations are gathered, in a lane, in the store that applies them.
internal static class OperationLimits
{
    // Of operations in the binary form; how many they are.
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
            throw new RaveException(ErrorCodes.TooLarge, $"The key has {length} bytes; the limit is {limits.KeyBytes}.");
        }
    }

    internal static void CheckKey(ReadOnlySpan<byte> key, Limits limits)
    {
        CheckKeyLength(key.Length, limits);
        if (ReservedKeys.Contains(key))
        {
            throw ReservedKeys.Refuse();
        }
    }

    internal static void CheckValue(ReadOnlySpan<byte> value, Limits limits)
    {
        if (value.Length > limits.ValueBytes)
        {
            throw new RaveException(ErrorCodes.TooLarge, $"The value has {value.Length} bytes; the limit is {limits.ValueBytes}.");
        }
    }

    internal static void CheckSize(long operations, long bytes, Limits limits)
    {
        if (operations > limits.BatchOperations)
        {
            throw new RaveException(ErrorCodes.TooLarge, $"A batch holds at most {limits.BatchOperations} operations; write several.");
        }

        if (bytes > limits.BodyBytes)
        {
            throw new RaveException(ErrorCodes.TooLarge, $"A batch holds at most {limits.BodyBytes} bytes; write several.");
        }
    }
}
