using System.Reflection;
using System.Text.Json;
using Rave.Server.Contracts;

namespace Rave.Server.Leadership;

// rave.leader: who leads, so that a leader that hangs can be named. Written under another name and renamed, so it is never half there.
internal static class LeaderRecord
{
    // Null where there is none, or none that can be read: it is information, and nothing depends on it.
    internal static LeaderInfo? Read(DatabaseLocation location)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(location.LeaderRecordPath), RaveJson.Default.LeaderInfo);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    // Only under the lock. Epochs grow even where the file was lost or the clock went back.
    internal static LeaderInfo Write(DatabaseLocation location, TimeProvider time)
    {
        DateTimeOffset now = time.GetUtcNow();
        long epoch = Math.Max((Read(location)?.Epoch ?? 0) + 1, now.ToUnixTimeMilliseconds());
        // Of a program started as `dotnet program.dll`, the assembly says more than the process.
        string program = Assembly.GetEntryAssembly()?.GetName().Name ?? Path.GetFileName(Environment.ProcessPath) ?? "unknown";
        LeaderInfo leader = new(Environment.ProcessId, epoch, now, program);
        string temporary = location.LeaderRecordPath + ".tmp";
        // A leader that was killed here left it; made anew, it is ours alone, and never somebody's link to another file.
        File.Delete(temporary);
        using (FileStream file = new(temporary, OwnersAlone()))
        {
            JsonSerializer.Serialize(file, leader, RaveJson.Default.LeaderInfo);
        }

        File.Move(temporary, location.LeaderRecordPath, overwrite: true);
        return leader;
    }

    private static FileStreamOptions OwnersAlone()
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
