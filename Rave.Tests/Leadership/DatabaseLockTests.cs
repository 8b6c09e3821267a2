using System.Globalization;
using Rave.Server.Election;
using Rave.Server.Location;
using Rave.Server.Platform;
using Rave.Tests.Harness;

namespace Rave.Tests.Leadership;

public sealed class DatabaseLockTests
{
    [Fact]
    public void A_second_lock_in_the_same_process_is_refused_under_every_spelling()
    {
        using TempDirectory directory = new();
        Directory.CreateDirectory(directory["db"]);
        Directory.CreateDirectory(directory["other"]);
        Directory.CreateSymbolicLink(directory["link"], directory["db"]);
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: false);
        using DatabaseLock? held = DatabaseLock.TryAcquire(location);
        held.ShouldNotBeNull();

        foreach (string spelling in (string[])["db", "db/", "link", "other/../db", "./db"])
        {
            using DatabaseLocation same = DatabaseLocation.Resolve(directory[spelling], create: false);
            DatabaseLock.TryAcquire(same).ShouldBeNull(spelling);
        }

        held.Dispose();
        using DatabaseLock? again = DatabaseLock.TryAcquire(location);
        again.ShouldNotBeNull();
    }

    [Fact]
    public async Task Reading_the_lock_file_does_not_release_the_lock()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        using DatabaseLock? held = DatabaseLock.TryAcquire(location);

        Read(location.LockPath);
        DatabaseLock.TryAcquire(location).ShouldBeNull();

        Flock(location.LockPath).ShouldNotBeNull().ShouldContain($"process {Environment.ProcessId} ");
        await using ChildProcess other = ChildProcess.StartServer(location.Directory);
        string waiting = await other.ExpectErrorAsync("waiting: ");
        waiting.ShouldStartWith($"rave-server: waiting: '{location.Directory}' is led by process {Environment.ProcessId} (");
        waiting.ShouldEndWith(", which does not answer.");

        held!.Dispose();
        (await other.ReadLineAsync()).ShouldBe($"leader {location.SocketPath}");
    }

    [Fact]
    public async Task An_embedded_leader_keeps_its_lock_while_its_process_opens_and_closes_files()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        await using Leader leader = await Embedded.LeadAsync(location);

        // A backup that copies everything, also LevelDB's LOCK. This loses LevelDB's own lock, but not ours.
        foreach (string file in Directory.GetFiles(location.Directory).Where(file => FileIdentity.Of(file) is { IsSocket: false }))
        {
            Read(file);
        }

        await using ChildProcess other = ChildProcess.StartServer(location.Directory);
        (await other.ReadLineAsync()).ShouldBe($"follower {location.SocketPath}");
        Flock(location.LockPath).ShouldNotBeNull().ShouldContain($"process {Environment.ProcessId} ");
    }

    [Fact]
    public async Task Children_of_a_leader_do_not_keep_its_lock_or_its_sockets()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        Leader leader = await Embedded.LeadAsync(location);
        await using ChildProcess child = ChildProcess.Start("sleep", "60");
        await leader.DisposeAsync();

        // A lock that the child had inherited would live as long as the child.
        Flock(location.LockPath).ShouldBeNull();
        await using ChildProcess next = ChildProcess.StartServer(location.Directory);
        (await next.ReadLineAsync()).ShouldBe($"leader {location.SocketPath}");
        child.HasExited.ShouldBeFalse();
    }

    // If rave.lock is deleted, another process can lock a new file. LevelDB's own lock still keeps this process from opening the
    // database. The leader notices within half a second, steps down, and a new election uses the new file.
    [Fact]
    public async Task A_leader_whose_lock_file_is_replaced_steps_down_and_never_do_two_serve_the_same_socket()
    {
        await using LiveLeader first = await LiveLeader.StartAsync();
        await first.PutAsync("/v1/kv/hello", "world");
        string lockPath = Path.Combine(first.Location, "rave.lock");
        File.Delete(lockPath);
        await File.WriteAllBytesAsync(lockPath, []);

        await using ChildProcess second = ChildProcess.StartServer(first.Location);

        string?[] printed = [await first.Process.ReadLineAsync(), await second.ReadLineAsync()];
        printed.Order().ShouldBe([$"follower {first.SocketPath}", $"leader {first.SocketPath}"]);
        ChildProcess leader = printed[0]!.StartsWith("leader", StringComparison.Ordinal) ? first.Process : second;
        LockHolder.Find(lockPath, LockHolder.Flock).ShouldStartWith(string.Create(CultureInfo.InvariantCulture, $"process {leader.Id} "));
        (await first.Http.GetStringAsync("/v1/kv/hello")).ShouldBe("world");
    }

    private static string? Flock(string path) => LockHolder.Find(path, LockHolder.Flock);

    private static void Read(string path)
    {
        Posix.OpenOrCreate(path).Dispose();
        try
        {
            File.ReadAllBytes(path);
        }
        catch (IOException)
        {
            // .NET also requests a lock to read, and is refused. That is good enough.
        }
    }
}
