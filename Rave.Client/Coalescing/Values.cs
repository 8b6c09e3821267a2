using Rave.Server.Contracts;
using Rave.Server.Storage;

namespace Rave.Client.Coalescing;

// Gives each caller of a read its own values, in the order in which they asked.
internal static class Values
{
    // Of an answer in the binary form of entries.
    internal static void TakeValues(this LaneRequest request, ReadOnlySpan<byte> answer)
    {
        EntriesBinaryReader entries = new(answer);
        foreach (Pending caller in request.Callers)
        {
            switch (caller)
            {
                case Pending<byte[]?> one:
                    one.Result = Next(ref entries);
                    break;
                case Pending<byte[]?[]> many:
                    byte[]?[] values = new byte[]?[many.Count];
                    for (int i = 0; i < values.Length; i++)
                    {
                        values[i] = Next(ref entries);
                    }

                    many.Result = values;
                    break;
                case Pending<bool[]> found:
                    bool[] are = new bool[found.Count];
                    for (int i = 0; i < are.Length; i++)
                    {
                        are[i] = Next(ref entries) is not null;
                    }

                    found.Result = are;
                    break;
            }
        }

        if (entries.Read())
        {
            throw EntriesBinaryReader.Malformed();
        }
    }

    // From this process's own store. False when it has just stopped leading.
    internal static bool TryTakeValues(this LaneRequest request, Store store)
    {
        try
        {
            using PooledBuffer answer = new();
            using MomentReader moment = store.ReadMoment(request.Count, request.Snapshot);
            OperationsBinaryReader keys = new(request.Body.WrittenSpan);
            while (keys.ReadKey())
            {
                bool withValue = keys.Type == OperationType.Get;
                ReadOnlySpan<byte> value = default;
                if (withValue ? moment.TryRead(keys.Key, out value) : moment.Has(keys.Key))
                {
                    EntriesBinaryWriter.WriteEntry(answer, default, value, withKey: false, withValue);
                }
                else
                {
                    EntriesBinaryWriter.WriteMissing(answer);
                }
            }

            EntriesBinaryWriter.WriteEnd(answer);
            request.TakeValues(answer.WrittenSpan);
            return true;
        }
        catch (LevelException failure) when (failure.Code == ErrorCodes.DatabaseNotOpen)
        {
            return false;
        }
        catch (LevelException failure)
        {
            throw RaveException.From(failure, isRefusal: failure.Code == ErrorCodes.TooLarge);
        }
    }

    private static byte[]? Next(ref EntriesBinaryReader entries) =>
        !entries.Read() ? throw EntriesBinaryReader.Malformed() : entries.Found ? entries.Value.ToArray() : null;
}
