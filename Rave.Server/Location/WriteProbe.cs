namespace Rave.Server.Location;

// Tests whether a full disk has space again: as much as opening LevelDB may write at once (a replayed log and the next one).
internal static class WriteProbe
{
    private const int ChunkBytes = 64 << 10;

    internal static bool Succeeds(string directory, int writeBuffer)
    {
        string path = Path.Combine(directory, "rave.probe");
        try
        {
            // Preallocation fails if there is not enough space, and does not fill the disk.
            using FileStream file = new(path, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                Options = FileOptions.DeleteOnClose,
                PreallocationSize = 2L * writeBuffer,
                BufferSize = 0,
            });
            if (!OperatingSystem.IsWindows())
            {
                // The system frees the space even if this process is killed.
                File.Delete(path);
            }

            byte[] chunk = new byte[ChunkBytes];
            while (file.Position < 2L * writeBuffer)
            {
                file.Write(chunk);
            }

            file.Flush(flushToDisk: true);
            return true;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
