using System.Runtime.InteropServices;
using Rave.Server.Files;

namespace Rave.Server.LevelDb;

// The C API reports errors as text only (c.h, convention 3). This is the one file that reads that text.
internal static class ErrorText
{
    private const int EnoEntry = 2;
    private const int Invalid = 22;
    private const int NoSpace = 28;
    private static readonly int TryAgain = OperatingSystem.IsLinux() ? 11 : 35;
    private static readonly int Quota = OperatingSystem.IsLinux() ? 122 : 69;

    // Throws when the call failed, and frees what LevelDB allocated. What is foreign to LevelDB, it does not name: the files do.
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
        throw new LevelDbException(kind, kind == LevelDbError.Foreign ? $"{foreign?.Value ?? $"The database {ForeignFormat.Unknown}"} ({text})" : text);
    }

    internal static LevelDbError Classify(string text)
    {
        if (text.StartsWith("IO error: lock ", StringComparison.Ordinal))
        {
            // Any other text about the lock (permission denied, read-only file system) is a failure, not a holder.
            return Says(text, TryAgain, "Resource temporarily unavailable") || text.Contains("already held by process", StringComparison.Ordinal)
                ? LevelDbError.Locked
                : LevelDbError.Io;
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
            // What a read behind the end of a mapped file is answered with: a table is shorter than it was written.
            || ((text.Contains(".ldb: ", StringComparison.Ordinal) || text.Contains(".sst: ", StringComparison.Ordinal)) && Says(text, Invalid, "Invalid argument")))
        {
            return LevelDbError.Corruption;
        }

        return text.StartsWith("IO error: ", StringComparison.Ordinal) ? LevelDbError.Io : LevelDbError.Unsupported;
    }

    // Said only of what has a right checksum: all of it is looked at first.
    private static bool IsForeign(string text) =>
        text.EndsWith("Corruption: bad block type", StringComparison.Ordinal)
        || text.Contains("VersionEdit: unknown tag", StringComparison.Ordinal)
        || text.Contains(" does not match existing comparator ", StringComparison.Ordinal)
        // A library that was built without Snappy or zstd; of what is truly damaged it reports the contents.
        || text.EndsWith(" compressed block length", StringComparison.Ordinal);

    // LevelDB appends strerror's text, which follows the locale if the program has set one: compare in both.
    private static bool Says(string text, int errno, string english) =>
        text.Contains(english, StringComparison.Ordinal)
        || text.Contains(Marshal.GetPInvokeErrorMessage(errno), StringComparison.Ordinal);
}
