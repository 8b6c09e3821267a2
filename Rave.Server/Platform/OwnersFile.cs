namespace Rave.Server.Platform;

// Creates a file that only its owner may read and write, from the first moment and with every umask.
internal static class OwnersFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    internal static FileStream Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return new(path, FileMode.CreateNew, FileAccess.Write);
        }

        FileStream file = new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Owner });
        File.SetUnixFileMode(file.SafeFileHandle, Owner);
        return file;
    }
}
