using System.Globalization;
using System.Security.Cryptography;
using Rave.Server.Contracts;

namespace Rave.Server.Leadership;

// What LevelDB's MANIFEST was when its leader closed the database. LevelDB takes a MANIFEST that was cut, or zeroed at its end, for one that ended
// there: it opens an older state and deletes the files that this one does not name. Only who has seen it whole can tell.
internal static class ManifestSeal
{
    // Its name, its length and a hash; null where it cannot be read. Only while LevelDB is closed.
    internal static string? Of(DatabaseLocation location)
    {
        try
        {
            string name = Current(location);
            return Of(name, File.ReadAllBytes(Path.Combine(location.Directory, name)));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Refuses a database whose MANIFEST is another than at its closing. One of another name was opened since by somebody who leaves no seal, and one that has grown was written on.
    internal static void RefuseBroken(DatabaseLocation location, string? seal)
    {
        if (seal?.Split(' ') is not [var name, var length, _] || !int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out int sealedBytes))
        {
            return;
        }

        try
        {
            if (Current(location) != name)
            {
                return;
            }

            byte[] bytes = File.ReadAllBytes(Path.Combine(location.Directory, name));
            if (bytes.Length < sealedBytes || Of(name, bytes.AsSpan(0, sealedBytes)) != seal)
            {
                throw new LevelException(
                    ErrorCodes.Corruption,
                    $"'{location.Directory}/{name}' is not what it was when the database was closed ({sealedBytes} bytes then, {bytes.Length} now). LevelDB would go on from an older state and delete the rest: "
                    + $"restore it from a backup, or repair with rave-server --repair. If you put an older copy there on purpose, delete {Path.GetFileName(location.LeaderRecordPath)}.");
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // LevelDB says what is wrong with what cannot be read.
        }
    }

    private static string Of(string name, ReadOnlySpan<byte> bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} {bytes.Length} {Convert.ToHexStringLower(SHA256.HashData(bytes))}");

    private static string Current(DatabaseLocation location) => Path.GetFileName(File.ReadAllText(Path.Combine(location.Directory, "CURRENT")).TrimEnd('\n'));
}
