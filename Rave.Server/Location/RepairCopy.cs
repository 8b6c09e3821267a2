using System.Globalization;
using Rave.Server.Files;
using Rave.Server.Platform;

namespace Rave.Server.Location;

// A database's files as they were before its repair, in a directory beside it.
internal sealed class RepairCopy
{
    private readonly DatabaseLocation _location;

    private RepairCopy(DatabaseLocation location, DateTimeOffset now)
    {
        _location = location;
        Directory = string.Create(CultureInfo.InvariantCulture, $"{location.Directory}.before-repair-{now:yyyyMMdd'T'HHmmssfff}");
    }

    internal string Directory { get; }

    // All of them, or no such directory.
    internal static RepairCopy Make(DatabaseLocation location, DateTimeOffset now)
    {
        RepairCopy copy = new(location, now);
        if (OperatingSystem.IsWindows())
        {
            System.IO.Directory.CreateDirectory(copy.Directory);
        }
        else
        {
            NewDirectory.Make(copy.Directory);
        }

        try
        {
            foreach (string file in DirectoryCheck.Files(location))
            {
                File.Copy(Path.Combine(location.Directory, file), Path.Combine(copy.Directory, file), overwrite: false);
            }

            return copy;
        }
        catch
        {
            // The disk is full, most likely.
            System.IO.Directory.Delete(copy.Directory, recursive: true);
            throw;
        }
    }

    // By names alone, which takes no room. CURRENT goes first and comes last: without it, nobody opens what is not all there.
    internal void PutBack()
    {
        foreach (string file in DirectoryCheck.Files(_location).OrderByDescending(file => file == FileNames.Current))
        {
            File.Delete(Path.Combine(_location.Directory, file));
        }

        foreach (string file in FileNames.In(Directory).OrderBy(file => file == FileNames.Current))
        {
            File.Move(Path.Combine(Directory, file), Path.Combine(_location.Directory, file));
        }

        System.IO.Directory.Delete(Directory);
    }
}
