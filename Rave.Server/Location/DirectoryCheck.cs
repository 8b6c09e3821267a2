using Rave.Server.Files;
using Rave.Server.Platform;

namespace Rave.Server.Location;

// Looks at a directory before it is led.
internal static class DirectoryCheck
{
    private const uint Root = 0;
    private const uint OthersMayLook = 0x2D; // r and x for group and world: ----r-xr-x
    private const uint GroupMaySearch = 0x8; // x for the group alone: a name in it that is known can be opened

    // What a creation that was interrupted leaves behind: LevelDB goes on from there.
    private const string FirstManifest = "MANIFEST-000001";

    // Without CURRENT, LevelDB would take the directory for empty, make a new database and delete the old one's files.
    internal static void RefuseOrphanedData(DatabaseLocation location)
    {
        if (!location.HasDatabase && FileNames.In(location.Directory).FirstOrDefault(IsData) is { } file)
        {
            throw new RaveException(
                ErrorCodes.Corruption,
                $"'{location.Directory}' holds data ({file}) but no CURRENT file. LevelDB would delete it: restore CURRENT from a backup, or move the files away.");
        }
    }

    // What LevelDB would open and write to, so that the program that made it may not open it any more, although it cannot read it.
    internal static void RefuseForeign(DatabaseLocation location)
    {
        if (Foreign(location) is { } foreign)
        {
            throw new RaveException(ErrorCodes.IoError, $"'{location.Directory}' {foreign}");
        }
    }

    private static string? Foreign(DatabaseLocation location)
    {
        try
        {
            return ForeignFormat.Glance(location.Directory);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // LevelDB says what is wrong with what cannot be read.
            return null;
        }
    }

    // Whether anything of LevelDB's is there, be it damaged.
    internal static bool HasFiles(DatabaseLocation location) => Files(location).Any();

    // Whether there is something of a database, and not only what LevelDB said of one.
    internal static bool HasRemains(DatabaseLocation location) =>
        FileNames.In(location.Directory).Any(name => FileNames.KindOf(name) is FileKind.Current or FileKind.Manifest or FileKind.Log or FileKind.Table);

    // LevelDB's own files but for its lock: opening that and closing it again would drop it.
    internal static IEnumerable<string> Files(DatabaseLocation location) =>
        FileNames.In(location.Directory).Where(name => FileNames.KindOf(name) != FileKind.Lock);

    // Why this process must not or cannot lead here, if so; it may follow all the same.
    internal static RaveException? WhyNotLead(DatabaseLocation location)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        // Root would leave files that the directory's owner cannot open.
        if (Posix.EffectiveUser == Root && FileIdentity.Of(location.Directory) is { Owner: not Root } directory)
        {
            return new(
                ErrorCodes.Forbidden,
                $"'{location.Directory}' belongs to user {directory.Owner}, and root would leave files that this user cannot open. Run as user {directory.Owner}; root may only follow.");
        }

        // A member of the group that a database is served to, a volume that is mounted to be read.
        return (Posix.WhyNotWritable(location.Directory) ?? Posix.WhyNotWritable(location.LockPath)) is { } why
            ? new(ErrorCodes.Forbidden, $"'{location.Directory}' cannot be led by this process, which may only follow: {why}")
            : null;
    }

    // The mode of a directory that others may look into, as people write it (0755); null for one that is its owner's alone.
    // LevelDB makes its files readable to all, so the directory is what keeps them private.
    // A group that is served may go through it.
    internal static string? OpenToOthers(DatabaseLocation location, GroupAccess? group = null) =>
        !OperatingSystem.IsWindows() && FileIdentity.Of(location.Directory) is { } directory
            && (directory.Mode & OthersMayLook & (group is null ? ~0u : ~GroupMaySearch)) != 0
            ? "0" + Convert.ToString(directory.Mode & 0x1FF, 8)
            : null;

    private static bool IsData(string name) => FileNames.KindOf(name) is FileKind.Table or FileKind.Log or FileKind.Manifest && name != FirstManifest;
}
