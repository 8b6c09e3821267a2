using Rave.Server.Contracts;
using Rave.Server.Storage;

namespace Rave.Client.Coalescing;

// Gives each caller of a read its own values, in the order in which they asked.
internal static class Values
{
    internal static void TakeValues(this LaneRequest request, LaneContent content)
    {
        int next = 0;
        byte[]?[] values = content.AnswersInJson
            ? [.. EntriesJsonReader.Read(content.Answer.Written.Span, BatchJsonWriter.Encoding, out _).Select(entry => entry?.Value)]
            : Read(content.Answer.Written.Span, request.Count);
        if (values.Length != request.Count)
        {
            throw EntriesBinaryReader.Malformed();
        }

        foreach (Pending caller in request.Callers)
        {
            switch (caller)
            {
                case Pending<byte[]?> one:
                    one.Result = values[next];
                    break;
                case Pending<byte[]?[]> many:
                    many.Result = values.AsSpan(next, many.Count).ToArray();
                    break;
            }

            next += caller.Count;
        }
    }

    // From this process's own store. False when it has just stopped leading.
    internal static bool TryTakeValues(this LaneRequest request, Store store)
    {
        try
        {
            using LaneContent answer = new(default, json: false, new(reads: true));
            using MomentReader moment = store.ReadMoment(request.Count);
            OperationsBinaryReader gets = new(request.Body.Written.Span);
            while (gets.Read())
            {
                if (moment.TryRead(gets.Key, out ReadOnlySpan<byte> value))
                {
                    EntriesBinaryWriter.WriteEntry(answer.Answer, default, value, withKey: false, withValue: true);
                }
                else
                {
                    EntriesBinaryWriter.WriteMissing(answer.Answer);
                }
            }

            EntriesBinaryWriter.WriteEnd(answer.Answer);
            request.TakeValues(answer);
            answer.Answer.Dispose();
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

    private static byte[]?[] Read(ReadOnlySpan<byte> answer, int count)
    {
        byte[]?[] values = new byte[]?[count];
        EntriesBinaryReader reader = new(answer);
        for (int i = 0; i < count; i++)
        {
            values[i] = !reader.Read() ? throw EntriesBinaryReader.Malformed() : reader.Found ? reader.Value.ToArray() : null;
        }

        return reader.Read() ? throw EntriesBinaryReader.Malformed() : values;
    }
}
