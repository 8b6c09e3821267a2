using System.Globalization;
using Rave.Server.Files;
using Rave.Server.Platform;

namespace Rave.Server.Location;

// A copy of a database's files before a repair, in a directory next to it.
internal sealed class RepairCopy
{
    private readonly DatabaseLocation _location;

    private RepairCopy(DatabaseLocation location, DateTimeOffset now)
    {
        _location = location;
        Directory = string.Create(CultureInfo.InvariantCulture, $"{location.Directory}.before-repair-{now:yyyyMMdd'T'HHmmssfff}");
    }

    internal string Directory { get; }

    // Copies all files, or leaves no directory.
    internal static RepairCopy Make(DatabaseLocation location, DateTimeOffset now)
    {
        RepairCopy copy = new(location, now);
        NewDirectory.Make(copy.Directory);
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
            // Probably the disk is full.
            System.IO.Directory.Delete(copy.Directory, recursive: true);
            throw;
        }
    }

    // Moves the files, which needs no space. CURRENT is deleted first and moved last, so that no process opens an incomplete database.
    internal void Restore()
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
