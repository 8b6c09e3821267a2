using System.Text.Json;

namespace Rave.Server.Protocol;

// Reads the JSON of a LeaderInfo. Written by hand: for a serializer, a starting process would compile a hundred methods.
internal static class LeaderInfoReader
{
    // Skips unknown members. Throws a JsonException if the JSON is something else.
    internal static LeaderInfo Read(ReadOnlySpan<byte> json)
    {
        int pid = 0;
        long epoch = 0;
        DateTimeOffset since = default;
        string program = "";
        Utf8JsonReader reader = new(json);
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("pid"u8))
            {
                Expect(reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out pid));
            }
            else if (reader.ValueTextEquals("epoch"u8))
            {
                Expect(reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out epoch));
            }
            else if (reader.ValueTextEquals("since"u8))
            {
                Expect(reader.Read() && reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out since));
            }
            else if (reader.ValueTextEquals("program"u8))
            {
                Expect(reader.Read() && reader.TokenType == JsonTokenType.String);
                program = reader.GetString()!;
            }
            else
            {
                reader.Skip();
            }
        }

        return new(pid, epoch, since, program);
    }

    private static void Expect(bool holds)
    {
        if (!holds)
        {
            throw new JsonException("This is not the description of a leader.");
        }
    }
}
