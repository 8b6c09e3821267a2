using System.Reflection;
using System.Text.Json;
using Rave.Server.Platform;
using Rave.Server.Protocol;

namespace Rave.Server.Location;

// rave.leader: who leads, so that a leader that hangs can be named, and what the next leader has to know of it. Written under another name and renamed, so it is never half there.
internal static class LeaderRecord
{
    // A leader that died sooner than this may have died of leading.
    private static readonly TimeSpan ShortReign = TimeSpan.FromSeconds(1);

    // So many in a row may be an accident, or somebody who restarts them all.
    private const int Tolerated = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // Null where there is none, or none that can be read: a database is led all the same.
    internal static LeaderInfo? Read(DatabaseLocation location) => ReadReign(location) is { } reign ? new(reign.Pid, reign.Epoch, reign.Since, reign.Program) : null;

    // How many leaders have just died in a row as soon as they led. Only under the lock.
    internal static int Crashes(DatabaseLocation location, TimeProvider time) =>
        ReadReign(location) is { Ended: false } last && time.GetUtcNow() - last.Since is var reigned && reigned >= TimeSpan.Zero && reigned < ShortReign ? last.Crashes + 1 : 0;

    // How long the next leader waits after so many before it opens the database.
    internal static TimeSpan PauseAfter(int crashes) =>
        crashes <= Tolerated ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(crashes - Tolerated - 1, 10)));

    // Refuses a database that is not what its last leader left, where that could close it.
    internal static void RefuseBroken(DatabaseLocation location)
    {
        if (ReadReign(location) is { Ended: true, Seal: { } seal })
        {
            ClosingSeal.RefuseBroken(location, seal);
        }
    }

    // What is not as its last leader left it; nothing where that could not close it.
    internal static List<SealedFile> Broken(DatabaseLocation location) => ReadReign(location) is { Ended: true, Seal: { } seal } ? ClosingSeal.Broken(location, seal) : [];

    // Says that its leader ended in good order, and what it left: nothing where the database was deleted. Only under the lock, with the database closed.
    internal static void End(DatabaseLocation location)
    {
        try
        {
            if (ReadReign(location) is { } reign)
            {
                Write(location, reign with { Ended = true, Seal = ClosingSeal.Of(location) });
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // A full disk, a directory that was deleted. At worst it counts as one crash.
        }
    }

    private static LeaderReign? ReadReign(DatabaseLocation location)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(location.LeaderRecordPath), RaveJson.Default.LeaderReign);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    // Only under the lock. Epochs grow even where the file was lost or the clock went back.
    internal static LeaderInfo Write(DatabaseLocation location, TimeProvider time, int crashes = 0)
    {
        DateTimeOffset now = time.GetUtcNow();
        long epoch = Math.Max((Read(location)?.Epoch ?? 0) + 1, now.ToUnixTimeMilliseconds());
        // Of a program started as `dotnet program.dll`, the assembly says more than the process.
        string program = Assembly.GetEntryAssembly()?.GetName().Name ?? Path.GetFileName(Environment.ProcessPath) ?? "unknown";
        LeaderInfo leader = new(Environment.ProcessId, epoch, now, program);
        Write(location, new(leader.Pid, leader.Epoch, leader.Since, leader.Program, crashes));
        return leader;
    }

    private static void Write(DatabaseLocation location, LeaderReign reign)
    {
        string temporary = location.LeaderRecordPath + ".tmp";
        // A leader that was killed here left it; made anew, it is ours alone, and never somebody's link to another file.
        File.Delete(temporary);
        using (FileStream file = OwnersFile.Create(temporary))
        {
            JsonSerializer.Serialize(file, reign, RaveJson.Default.LeaderReign);
        }

        File.Move(temporary, location.LeaderRecordPath, overwrite: true);
    }
}
