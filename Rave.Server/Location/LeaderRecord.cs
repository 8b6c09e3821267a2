using System.Reflection;
using System.Text.Json;
using Rave.Server.Platform;
using Rave.Server.Protocol;

namespace Rave.Server.Location;

// The file rave.leader. It names the leader, so that errors can name one that hangs, and informs the next leader.
// It is written to a temporary file and renamed, so it is always complete.
internal static class LeaderRecord
{
    // A leader that died sooner than this may have died because it leads.
    private static readonly TimeSpan ShortReign = TimeSpan.FromSeconds(1);

    // This many in a row may be an accident, or a restart of all processes.
    private const int ToleratedCrashes = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // Null if there is no readable record. This does not keep a process from leading.
    internal static LeaderInfo? Read(DatabaseLocation location) =>
        ReadReign(location) is { } reign ? new(reign.Pid, reign.Epoch, reign.Since, reign.Program) : null;

    // How many leaders in a row have just died right after they started. Only under the lock.
    internal static int Crashes(DatabaseLocation location, TimeProvider time)
    {
        if (ReadReign(location) is not { Ended: false } last)
        {
            return 0;
        }

        TimeSpan reigned = time.GetUtcNow() - last.Since;
        return reigned >= TimeSpan.Zero && reigned < ShortReign ? last.Crashes + 1 : 0;
    }

    // How long the next leader waits before it opens the database.
    internal static TimeSpan PauseAfter(int crashes)
    {
        long doubled = FirstPause.Ticks << Math.Clamp(crashes - ToleratedCrashes - 1, 0, 10);
        return crashes <= ToleratedCrashes ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, doubled));
    }

    // Throws if a file has changed since the last leader closed the database.
    internal static void ThrowIfBroken(DatabaseLocation location)
    {
        if (ReadReign(location) is { Ended: true, Seal: { } seal })
        {
            ClosingSeal.ThrowIfBroken(location, seal);
        }
    }

    // The files that have changed since the last leader closed the database. None if it did not close it.
    internal static List<SealedFile> Broken(DatabaseLocation location) =>
        ReadReign(location) is { Ended: true, Seal: { } seal } ? ClosingSeal.Broken(location, seal) : [];

    // Records that the leader has ended normally, with a seal of its files. Only under the lock, with the database closed.
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
            // For example, the disk is full. At worst, this counts as one crash.
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

    // Only under the lock. Epochs grow even if the file was lost or the clock went back.
    internal static LeaderInfo Write(DatabaseLocation location, TimeProvider time, int crashes = 0)
    {
        DateTimeOffset now = time.GetUtcNow();
        long epoch = Math.Max((Read(location)?.Epoch ?? 0) + 1, now.ToUnixTimeMilliseconds());
        // The process of `dotnet program.dll` is named dotnet.
        string program = Assembly.GetEntryAssembly()?.GetName().Name ?? Path.GetFileName(Environment.ProcessPath) ?? "unknown";
        LeaderInfo leader = new(Environment.ProcessId, epoch, now, program);
        Write(location, new(leader.Pid, leader.Epoch, leader.Since, leader.Program, crashes));
        return leader;
    }

    private static void Write(DatabaseLocation location, LeaderReign reign)
    {
        string temporary = location.LeaderRecordPath + ".tmp";
        // Left by a leader that was killed, or a link that another user made.
        File.Delete(temporary);
        using (FileStream file = OwnersFile.Create(temporary))
        {
            JsonSerializer.Serialize(file, reign, RaveJson.Default.LeaderReign);
        }

        File.Move(temporary, location.LeaderRecordPath, overwrite: true);
    }
}
