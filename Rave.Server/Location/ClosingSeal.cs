using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Rave.Server.Files;
using Rave.Server.Protocol;

namespace Rave.Server.Location;

// Length and hash of LevelDB's MANIFEST and logs, taken when the leader closed the database. If one of them is truncated or its end
// is damaged later, LevelDB takes this for a writer that died. It opens an older state without an error, and deletes the files that
// this state does not use. The seal detects this.
internal static class ClosingSeal
{
    private const int BufferBytes = 64 << 10;

    // The MANIFEST is first. Null if a file cannot be read. LevelDB must be closed.
    internal static SealedFile[]? Of(DatabaseLocation location)
    {
        try
        {
            // An empty log cannot lose anything.
            IEnumerable<string> filled = FileNames.In(location.Directory, FileKind.Log).Where(log => LengthOf(location, log) > 0);
            string[] logs = [.. filled.Order(StringComparer.Ordinal)];
            // Flushed first: a loss of power may cut an unflushed log, and this must not refuse the database. LevelDB flushes the MANIFEST.
            foreach (string log in logs)
            {
                using SafeFileHandle file = File.OpenHandle(Path.Combine(location.Directory, log), access: FileAccess.ReadWrite);
                RandomAccess.FlushToDisk(file);
            }

            return [.. logs.Prepend(Current(location)).Select(name => Of(location, name))];
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Throws if a file has changed since the database was closed.
    internal static void ThrowIfBroken(DatabaseLocation location, SealedFile[] files)
    {
        if (Broken(location, files) is [var file, ..])
        {
            throw new RaveException(
                ErrorCodes.Corruption,
                $"'{location.Directory}/{file.Name}' was changed after the database was closed ({Lengths(location, file)})."
                    + " LevelDB would continue from an older state and delete the rest. Restore a backup, or run rave-server --repair."
                    + $" If you restored an older copy on purpose, delete {Path.GetFileName(location.LeaderRecordPath)}.");
        }
    }

    // The files that have changed since. None if the MANIFEST has another name or has grown: then a program that does not write seals
    // has opened the database.
    internal static List<SealedFile> Broken(DatabaseLocation location, SealedFile[] files)
    {
        try
        {
            return files is [var manifest, ..] && Current(location) == manifest.Name && LengthOf(location, manifest.Name) <= manifest.Length
                // An earlier version also sealed files like server.log, which do not belong to LevelDB.
                ? [.. files.Where(file => FileNames.KindOf(file.Name) is FileKind.Manifest or FileKind.Log && IsBroken(location, file))]
                : [];
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // LevelDB will report what cannot be read.
            return [];
        }
    }

    internal static string Lengths(DatabaseLocation location, SealedFile file) =>
        $"{file.Length} bytes then, {(LengthOf(location, file.Name) is >= 0 and var length ? length : "missing")} now";

    private static bool IsBroken(DatabaseLocation location, SealedFile file) =>
        LengthOf(location, file.Name) < file.Length || Of(location, file.Name, file.Length) != file;

    private static SealedFile Of(DatabaseLocation location, string name) => Of(location, name, LengthOf(location, name));

    private static SealedFile Of(DatabaseLocation location, string name, long length)
    {
        using SafeFileHandle file = File.OpenHandle(Path.Combine(location.Directory, name), options: FileOptions.SequentialScan);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[Math.Min(BufferBytes, length)];
        int read;
        for (long at = 0; at < length; at += read)
        {
            read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - at)), at);
            if (read == 0)
            {
                throw new EndOfStreamException($"'{name}' was truncated while it was read.");
            }

            hash.AppendData(buffer, 0, read);
        }

        return new(name, length, Convert.ToHexStringLower(hash.GetCurrentHash()));
    }

    // -1 if the file is missing.
    private static long LengthOf(DatabaseLocation location, string name) =>
        new FileInfo(Path.Combine(location.Directory, name)) is { Exists: true } file ? file.Length : -1;

    private static string Current(DatabaseLocation location) =>
        Path.GetFileName(File.ReadAllText(Path.Combine(location.Directory, FileNames.Current)).TrimEnd('\n'));
}
