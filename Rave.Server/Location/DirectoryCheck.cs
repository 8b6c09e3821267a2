using Rave.Server.Files;
using Rave.Server.Platform;

namespace Rave.Server.Location;

// Checks of a directory before this process leads it.
internal static class DirectoryCheck
{
    private const uint Root = 0;
    private const uint OthersMayLook = 0x2D; // r and x for group and others: ----r-xr-x
    private const uint GroupMaySearch = 0x8; // x for the group

    // Left by an interrupted creation. LevelDB continues from there.
    private const string FirstManifest = "MANIFEST-000001";

    // Without CURRENT, LevelDB takes the directory for empty, creates a new database and deletes the files of the old one.
    internal static void ThrowIfOrphanedData(DatabaseLocation location)
    {
        if (!location.HasDatabase && FileNames.In(location.Directory).FirstOrDefault(IsData) is { } file)
        {
            throw new RaveException(
                ErrorCodes.Corruption,
                $"'{location.Directory}' has data ({file}), but no file CURRENT. LevelDB would delete the data."
                    + " Restore CURRENT from a backup, or move the files away.");
        }
    }

    // LevelDB opens and changes some databases that it cannot read. Then their own program could not open them any more.
    internal static void ThrowIfForeignFormat(DatabaseLocation location)
    {
        if (FindForeignFormat(location) is { } foreign)
        {
            throw new RaveException(ErrorCodes.IoError, $"'{location.Directory}' {foreign}");
        }
    }

    private static string? FindForeignFormat(DatabaseLocation location)
    {
        try
        {
            return ForeignFormat.FindQuickly(location.Directory);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // LevelDB will report what cannot be read.
            return null;
        }
    }

    internal static bool HasFiles(DatabaseLocation location) => Files(location).Any();

    // Whether there is a part of a database, and not only LevelDB's log messages.
    internal static bool HasRemains(DatabaseLocation location) => FileNames.In(location.Directory)
        .Any(name => FileNames.KindOf(name) is FileKind.Current or FileKind.Manifest or FileKind.Log or FileKind.Table);

    // LevelDB's files without its lock: opening and closing that would release it.
    internal static IEnumerable<string> Files(DatabaseLocation location) =>
        FileNames.In(location.Directory).Where(name => FileNames.KindOf(name) != FileKind.Lock);

    // Why this process cannot or must not lead here, or null. It may still follow.
    internal static RaveException? WhyNotLead(DatabaseLocation location)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        // The owner of the directory could not open the files of root.
        if (Posix.EffectiveUser == Root && FileIdentity.Of(location.Directory) is { Owner: not Root } directory)
        {
            return new(
                ErrorCodes.Forbidden,
                $"'{location.Directory}' belongs to user {directory.Owner}, who could not open files of root."
                    + $" Run as user {directory.Owner}. Root may only follow.");
        }

        // For example, a member of a group that is served, or a read-only volume.
        return (Posix.WhyNotWritable(location.Directory) ?? Posix.WhyNotWritable(location.LockPath)) is { } why
            ? new(ErrorCodes.Forbidden, $"This process may not write to '{location.Directory}', so it can only follow: {why}")
            : null;
    }

    // The mode of the directory (such as 0755) if other users may look into it, or null. A group that is served may pass through it.
    // LevelDB makes its files readable to all. Only the directory keeps them private.
    internal static string? OpenToOthers(DatabaseLocation location, GroupAccess? group = null) =>
        !OperatingSystem.IsWindows() && FileIdentity.Of(location.Directory) is { } directory
            && (directory.Mode & OthersMayLook & (group is null ? ~0u : ~GroupMaySearch)) != 0
            ? "0" + Convert.ToString(directory.Mode & 0x1FF, 8)
            : null;

    private static bool IsData(string name) =>
        FileNames.KindOf(name) is FileKind.Table or FileKind.Log or FileKind.Manifest && name != FirstManifest;
}
