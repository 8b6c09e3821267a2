using System.Globalization;
using System.Runtime.Versioning;
using Rave.Server.Platform;

namespace Rave.Server.Location;

// The group of --group. Its members may pass through the directory and connect to the socket, but cannot lead.
internal sealed class GroupAccess(uint id)
{
    internal uint Id => id;

    // Finds a group by its name or number. Null if there is none with this name.
    internal static GroupAccess? Find(string group)
    {
        bool isNumber = uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out uint number);
        return (isNumber ? number : Posix.GroupId(group)) is { } id ? new(id) : null;
    }

    // Lets members pass through the directory. They cannot list it, but reach the socket by its name. Only under the lock.
    [UnsupportedOSPlatform("windows")]
    internal void GrantDirectory(DatabaseLocation location)
    {
        try
        {
            Posix.SetGroup(location.Directory, id);
            File.SetUnixFileMode(location.Directory, File.GetUnixFileMode(location.Directory) | UnixFileMode.GroupExecute);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.Of($"Group {id} cannot be given access to '{location.Directory}'", cause);
        }
    }

    // Before the socket listens. First the group, then the mode, so that the previous group never has access.
    [UnsupportedOSPlatform("windows")]
    internal void GrantSocket(string socketPath)
    {
        const UnixFileMode ownerAndGroup =
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        Posix.SetGroup(socketPath, id);
        File.SetUnixFileMode(socketPath, ownerAndGroup);
    }
}
