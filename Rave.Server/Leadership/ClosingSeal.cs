using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Rave.Server.Contracts;
using Rave.Server.Files;

namespace Rave.Server.Leadership;

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

    // Refuses a database of which a file is not what it was at the closing. Where the MANIFEST has another name or has grown, somebody who leaves no seal has opened it since.
    internal static void RefuseBroken(DatabaseLocation location, SealedFile[] files)
    {
        try
        {
            if (files is not [var manifest, ..] || Current(location) != manifest.Name)
            {
                return;
            }

            RefuseBroken(location, manifest);
            if (LengthOf(location, manifest.Name) > manifest.Length)
            {
                return;
            }

            // An earlier version sealed a server.log as well, which is no business of LevelDB's.
            foreach (SealedFile log in files.Skip(1).Where(file => FileNames.KindOf(file.Name) == FileKind.Log))
            {
                RefuseBroken(location, log);
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // LevelDB says what is wrong with what cannot be read.
        }
    }

    private static void RefuseBroken(DatabaseLocation location, SealedFile file)
    {
        long length = LengthOf(location, file.Name);
        if (length < file.Length || Of(location, file.Name, file.Length) != file)
        {
            throw new LevelException(
                ErrorCodes.Corruption,
                $"'{location.Directory}/{file.Name}' is not what it was when the database was closed ({file.Length} bytes then, {(length < 0 ? "missing" : length)} now). LevelDB would go on from an older state and delete the rest: "
                + $"restore it from a backup, or repair with rave-server --repair. If you put an older copy there on purpose, delete {Path.GetFileName(location.LeaderRecordPath)}.");
        }
    }

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
