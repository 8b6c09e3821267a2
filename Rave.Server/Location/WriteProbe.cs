namespace Rave.Server.Location;

// Whether a directory can be written again, by as much as an opening may write at once: the log that it replays, and the next one.
internal static class WriteProbe
{
    private const int ChunkBytes = 64 << 10;

    internal static bool Succeeds(string directory, int writeBuffer)
    {
        string path = Path.Combine(directory, "rave.probe");
        try
        {
            // Asking for the space first fails at once where there is none, without writing what there is full.
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
                // Gone with this process, however it ends: left behind, it would hold the space that is short.
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
            // Not yet, which is the question.
            return false;
        }
    }
}
