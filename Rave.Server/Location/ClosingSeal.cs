using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Rave.Server.Files;
using Rave.Server.Protocol;

namespace Rave.Server.Location;

// What LevelDB's MANIFEST and logs were when their leader closed the database. LevelDB takes one that was cut, or damaged where it ends, for one that
// a writer who died left so: it opens an older state without an error, and deletes the files that this one does not name. Only who has seen them whole can tell.
internal static class ClosingSeal
{
    private const int BufferBytes = 64 << 10;

    // The MANIFEST first; null where a file cannot be read. Only while LevelDB is closed.
    internal static SealedFile[]? Of(DatabaseLocation location)
    {
        try
        {
            // Of an empty log nothing can be lost. Written through first: what LevelDB may lose with the power must not be refused afterwards for having been lost. The MANIFEST is, by LevelDB.
            string[] logs = [.. FileNames.In(location.Directory, FileKind.Log).Where(log => LengthOf(location, log) > 0).Order(StringComparer.Ordinal)];
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

    // Refuses a database of which a file is not what it was at the closing.
    internal static void RefuseBroken(DatabaseLocation location, SealedFile[] files)
    {
        if (Broken(location, files) is [var file, ..])
        {
            throw new RaveException(
                ErrorCodes.Corruption,
                $"'{location.Directory}/{file.Name}' is not what it was when the database was closed ({Lengths(location, file)}). LevelDB would go on from an older state and delete the rest: "
                + $"restore it from a backup, or repair with rave-server --repair. If you put an older copy there on purpose, delete {Path.GetFileName(location.LeaderRecordPath)}.");
        }
    }

    // Those that are not what they were at the closing. Where the MANIFEST has another name or has grown, somebody who leaves no seal has opened it since.
    internal static List<SealedFile> Broken(DatabaseLocation location, SealedFile[] files)
    {
        try
        {
            return files is [var manifest, ..] && Current(location) == manifest.Name && LengthOf(location, manifest.Name) <= manifest.Length
                // An earlier version sealed a server.log as well, which is no business of LevelDB's.
                ? [.. files.Where(file => FileNames.KindOf(file.Name) is FileKind.Manifest or FileKind.Log && IsBroken(location, file))]
                : [];
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // LevelDB says what is wrong with what cannot be read.
            return [];
        }
    }

    internal static string Lengths(DatabaseLocation location, SealedFile file) =>
        $"{file.Length} bytes then, {(LengthOf(location, file.Name) is >= 0 and var length ? length : "missing")} now";

    private static bool IsBroken(DatabaseLocation location, SealedFile file) => LengthOf(location, file.Name) < file.Length || Of(location, file.Name, file.Length) != file;

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
                throw new EndOfStreamException($"'{name}' was cut while it was read.");
            }

            hash.AppendData(buffer, 0, read);
        }

        return new(name, length, Convert.ToHexStringLower(hash.GetCurrentHash()));
    }

    // Less than nothing where it is missing.
    private static long LengthOf(DatabaseLocation location, string name) =>
        new FileInfo(Path.Combine(location.Directory, name)) is { Exists: true } file ? file.Length : -1;

    private static string Current(DatabaseLocation location) => Path.GetFileName(File.ReadAllText(Path.Combine(location.Directory, FileNames.Current)).TrimEnd('\n'));
}
