using System.Runtime.InteropServices;
using Rave.Server.Files;

namespace Rave.Server.LevelDb;

// LevelDB's C API reports errors only as text (c.h, convention 3). Only this file reads that text.
internal static class ErrorText
{
    private const int EnoEntry = 2;
    private const int Invalid = 22;
    private const int NoSpace = 28;
    private static readonly int TryAgain = OperatingSystem.IsLinux() ? 11 : 35;
    private static readonly int Quota = OperatingSystem.IsLinux() ? 122 : 69;

    // Throws if the call failed, and frees the text. LevelDB does not say what is foreign to it, but the files show it.
    internal static void ThrowIfSet(nint error, Lazy<string>? foreign = null)
    {
        if (error != 0)
        {
            Throw(error, foreign);
        }
    }

    private static void Throw(nint error, Lazy<string>? foreign)
    {
        string text = Marshal.PtrToStringUTF8(error) ?? "unknown error";
        NativeMethods.leveldb_free(error);
        LevelDbError kind = Classify(text);
        if (kind == LevelDbError.Foreign)
        {
            text = $"{foreign?.Value ?? $"The database {ForeignFormat.Unknown}"} ({text})";
        }

        throw new LevelDbException(kind, text);
    }

    internal static LevelDbError Classify(string text)
    {
        if (text.StartsWith("IO error: lock ", StringComparison.Ordinal))
        {
            // Any other text about the lock, such as a missing permission, does not mean that another program holds it.
            bool isHeld = text.Contains("already held by process", StringComparison.Ordinal)
                || Says(text, TryAgain, "Resource temporarily unavailable");
            return isHeld ? LevelDbError.Locked : LevelDbError.Io;
        }

        if (Says(text, NoSpace, "No space left on device") || Says(text, Quota, "Disk quota exceeded"))
        {
            return LevelDbError.DiskFull;
        }

        if (IsForeign(text))
        {
            return LevelDbError.Foreign;
        }

        if (text.StartsWith("Corruption: ", StringComparison.Ordinal)
            || text.StartsWith("NotFound: ", StringComparison.Ordinal)
            || Says(text, EnoEntry, "No such file or directory")
            || IsShortTable(text))
        {
            return LevelDbError.Corruption;
        }

        return text.StartsWith("IO error: ", StringComparison.Ordinal) ? LevelDbError.Io : LevelDbError.Unsupported;
    }

    // The error of a read after the end of a mapped file: the table was truncated.
    private static bool IsShortTable(string text) =>
        (text.Contains(".ldb: ", StringComparison.Ordinal) || text.Contains(".sst: ", StringComparison.Ordinal))
        && Says(text, Invalid, "Invalid argument");

    // LevelDB reports these only after the checksum was correct.
    private static bool IsForeign(string text) =>
        text.EndsWith("Corruption: bad block type", StringComparison.Ordinal)
        || text.Contains("VersionEdit: unknown tag", StringComparison.Ordinal)
        || text.Contains(" does not match existing comparator ", StringComparison.Ordinal)
        // The library was built without Snappy or zstd. For damaged data, it reports the contents instead.
        || text.EndsWith(" compressed block length", StringComparison.Ordinal);

    // LevelDB appends the text of strerror, which may be in the language of the program's locale.
    private static bool Says(string text, int errno, string english) =>
        text.Contains(english, StringComparison.Ordinal)
        || text.Contains(Marshal.GetPInvokeErrorMessage(errno), StringComparison.Ordinal);
}
