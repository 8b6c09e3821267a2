using System.Globalization;

namespace Rave.Cli.Copy;

// Shows how far a pass over the entries has come. The first pass does not know the whole, and shows no time left.
internal sealed class CopyProgress(ProgressLine line, TimeProvider time, string verb, (long Entries, long Bytes)? whole = null)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    // The first moments say nothing about the rate.
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(1);

    private readonly long _began = time.GetTimestamp();
    private long? _shown;

    internal void Show(long entries, long bytes)
    {
        if (ProgressLine.IsShown && (_shown is not { } last || time.GetElapsedTime(last) >= Period))
        {
            _shown = time.GetTimestamp();
            line.Show(Text(entries, bytes, time.GetElapsedTime(_began)));
        }
    }

    internal string Text(long entries, long bytes, TimeSpan elapsed)
    {
        string of = whole is { } all ? $" of {all.Entries:N0}" : "";
        string bytesOf = whole is { } allBytes ? $" of {Megabytes(allBytes.Bytes)}" : "";
        string rate = elapsed >= Start ? $", {entries / elapsed.TotalSeconds:N0} entries/s" : "";
        string left = whole is { Bytes: var total } && bytes > 0 && elapsed >= Start
            ? string.Create(CultureInfo.InvariantCulture, $", {elapsed * ((double)total / bytes - 1):hh\\:mm\\:ss} left")
            : "";
        return $"{verb} {entries:N0}{of} entries, {Megabytes(bytes)}{bytesOf} MB{rate}{left}";
    }

    private static string Megabytes(long bytes) => $"{bytes / 1e6:N1}";
}
