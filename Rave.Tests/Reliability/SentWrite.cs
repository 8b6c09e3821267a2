using System.Globalization;
using System.Text.Json;

namespace Rave.Tests.Reliability;

// A write of one writer, and its outcome. No other write uses its keys, except for the last one of a batch: that belongs to the writer
// and names its last batch.
internal sealed class SentWrite(int writer, int number, int length, bool sync = false, bool batch = false)
{
    internal int Writer => writer;

    internal int Number => number;

    internal bool Sync => sync;

    internal bool IsBatch => batch;

    // When it was sent, and when it was answered, on the clock of Stopwatch, which is CLOCK_MONOTONIC.
    internal long Sent { get; set; }

    // Until there is an answer, it may be applied at any time.
    internal long Answered { get; set; } = long.MaxValue;

    // Answered with success. Any other answer, and none, leave open whether it was applied.
    internal bool Acknowledged { get; set; }

    // Answered that writes are refused since another failed: it was not even tried.
    internal bool Refused { get; set; }

    // Whether it was there when the database was opened again; null until then.
    internal bool? Survived { get; set; }

    internal string Name => string.Create(CultureInfo.InvariantCulture, $"w{writer}-{number:d5}");

    internal string[] Keys => batch ? [$"{Name}-a", $"{Name}-b"] : [Name];

    // Which compresses badly.
    internal string Value => new Random((writer * 1_000_003) + number).GetHexString(length);

    internal static string LastBatchOf(int writer) => $"w{writer}-last";

    internal string ToJson() => JsonSerializer.Serialize((object[])
    [
        .. Keys.Select(key => new { type = "put", key, value = Value }),
        new { type = "put", key = LastBatchOf(writer), value = Name },
    ]);
}
