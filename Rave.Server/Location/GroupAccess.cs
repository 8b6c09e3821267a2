using System.Globalization;
using System.Runtime.Versioning;
using Rave.Server.Platform;

namespace Rave.Server.Location;

// The group whose members are served besides the owner, because it was asked for: they go through the directory and connect to the socket, and lead nothing.
internal sealed class GroupAccess(uint id)
{
    internal uint Id => id;

    // By its name or number; null where there is none of that name.
    internal static GroupAccess? Find(string group)
    {
        uint? found = uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : Posix.GroupId(group);
        return found is { } id ? new(id) : null;
    }

    // Lets it go through the directory: without reading it, members reach the socket by its name. Only under the lock.
    [UnsupportedOSPlatform("windows")]
    internal void Admit(DatabaseLocation location)
    {
        try
        {
            Posix.SetGroup(location.Directory, id);
            File.SetUnixFileMode(location.Directory, File.GetUnixFileMode(location.Directory) | UnixFileMode.GroupExecute);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.Of($"'{location.Directory}' cannot be opened to group {id}", cause);
        }
    }

    // Before the socket listens. First its group, then its mode: never open to the group that it had before.
    [UnsupportedOSPlatform("windows")]
    internal void AdmitTo(string socketPath)
    {
        Posix.SetGroup(socketPath, id);
        File.SetUnixFileMode(socketPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
    }
}
