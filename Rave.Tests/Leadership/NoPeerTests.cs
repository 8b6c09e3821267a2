using Rave.Client;
using Rave.Server.LevelDb;
using Rave.Server.Platform;
using Rave.Tests.Harness;

namespace Rave.Tests.Leadership;

// Programs that open LevelDB's directory themselves lock its file LOCK, some with flock, some with fcntl. They and we exclude each other,
// in any order.
[Needs(Need.Gcc)]
public sealed class NoPeerTests(LockProgram locks) : IClassFixture<LockProgram>
{
    private static readonly RaveOptions Impatient = new() { OpenTimeout = TimeSpan.FromSeconds(1) };

    public static TheoryData<string> Ways { get; } = ["flock", "fcntl"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_program_that_locked_the_database_first_is_named_and_waited_for(string how)
    {
        using TempDirectory directory = new();
        await FillAsync(directory["db"]);
        await using ChildProcess program = locks.Start(how, directory["db"]);
        (await program.ReadLineAsync()).ShouldBe("held");

        await using ChildProcess server = ChildProcess.StartServer(directory["db"]);
        (await server.ExpectErrorAsync("waiting"))
            .ShouldBe($"rave-server: waiting: process {program.Id} (holder) has '{directory["db"]}' open without RaveLevel.");
        RaveException refusal = await Should.ThrowAsync<RaveException>(async () => await RaveLevel.OpenAsync(directory["db"], Impatient));
        refusal.Code.ShouldBe(ErrorCodes.Locked);
        refusal.Message.ShouldContain($"process {program.Id} (holder)");

        program.Input.Close();
        (await server.ReadLineAsync()).ShouldBe($"leader {directory["db/rave.sock"]}");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_program_is_refused_while_we_lead_and_can_open_the_database_afterwards(string how)
    {
        using TempDirectory directory = new();
        await using (RaveLevel db = await RaveLevel.OpenAsync(directory["db"]))
        {
            (await locks.TryAsync(how, directory["db"])).ShouldBe("refused");
            await db.PutAsync("a", "1");
            (await locks.TryAsync(how, directory["db"])).ShouldBe("refused");
        }

        await using ChildProcess after = locks.Start(how, directory["db"]);
        (await after.ReadLineAsync()).ShouldBe("held");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_locked_database_is_neither_repaired_nor_destroyed(string how)
    {
        using TempDirectory directory = new();
        await FillAsync(directory["db"]);
        string[] before = Directory.GetFileSystemEntries(directory.Path, "*", SearchOption.AllDirectories);
        await using (ChildProcess program = locks.Start(how, directory["db"]))
        {
            (await program.ReadLineAsync()).ShouldBe("held");
            await using ChildProcess repair = ChildProcess.StartServer(directory["db"], "--repair");
            (await repair.WaitForExitAsync()).ShouldBe(3);
            (await repair.Errors).ShouldBe($"rave-server: process {program.Id} (holder) has '{directory["db"]}' open without RaveLevel. "
                + "Close the database there first.\n");
            (await Should.ThrowAsync<RaveException>(async () => await RaveLevel.RepairAsync(directory["db"]))).Code
                .ShouldBe(ErrorCodes.Locked);
            (await Should.ThrowAsync<RaveException>(async () => await RaveLevel.DestroyAsync(directory["db"]))).Code
                .ShouldBe(ErrorCodes.Locked);
            Directory.GetFileSystemEntries(directory.Path, "*", SearchOption.AllDirectories).ShouldBe(before, ignoreOrder: true);
        }

        await using RaveLevel db = await RaveLevel.OpenAsync(directory["db"]);
        (await db.GetAsync("hello")).ShouldBe("world");
    }

    // A process in another container has no process id here, and /proc/locks does not show it.
    [Theory]
    [Needs(Need.Root)]
    [MemberData(nameof(Ways))]
    public async Task A_server_in_a_container_sees_locks_from_outside(string how)
    {
        using TempDirectory directory = new();
        await FillAsync(directory["db"]);
        await using ChildProcess program = locks.Start(how, directory["db"]);
        (await program.ReadLineAsync()).ShouldBe("held");
        await using ChildProcess repair = Contained("--repair");
        (await repair.WaitForExitAsync()).ShouldBe(3);
        (await repair.Errors).ShouldBe(
            $"rave-server: a program, perhaps in another container, has '{directory["db"]}' open without RaveLevel. "
            + "Close the database there first.\n");
        await using ChildProcess server = Contained();
        (await server.ExpectErrorAsync("waiting"))
            .ShouldBe($"rave-server: waiting: a program, perhaps in another container, has '{directory["db"]}' open without RaveLevel.");

        ChildProcess Contained(params string[] options) =>
            ChildProcess.Start("unshare",
                ["--pid", "--fork", "--kill-child", "--mount-proc", ChildProcess.ServerPath, directory["db"], .. options]);
    }

    [Fact]
    [Needs(Need.Root)]
    public async Task A_leader_in_a_container_keeps_programs_outside_out()
    {
        using TempDirectory directory = new();
        await using ChildProcess leader =
            ChildProcess.Start("unshare", "--pid", "--fork", "--kill-child", "--mount-proc", ChildProcess.ServerPath, directory["db"]);
        (await leader.ReadLineAsync()).ShouldBe($"leader {directory["db/rave.sock"]}");
        (await locks.TryAsync("flock", directory["db"])).ShouldBe("refused");
        (await locks.TryAsync("fcntl", directory["db"])).ShouldBe("refused");
        (await Should.ThrowAsync<RaveException>(async () => await RaveLevel.RepairAsync(directory["db"]))).Code.ShouldBe(ErrorCodes.Locked);
        (await Should.ThrowAsync<RaveException>(async () => await RaveLevel.DestroyAsync(directory["db"]))).Code
            .ShouldBe(ErrorCodes.Locked);
    }

    // A backup of the directory, or a virus scanner in the process: the kernel then drops all fcntl locks of this process on the file,
    // also LevelDB's.
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_leader_whose_program_opens_and_closes_LOCK_keeps_the_lock(string how)
    {
        using TempDirectory directory = new();
        await using RaveLevel db = await RaveLevel.OpenAsync(directory["db"]);
        for (int i = 0; i < 3; i++)
        {
            Posix.OpenOrCreate(directory["db/LOCK"]).Dispose();
            (await locks.TryAsync(how, directory["db"])).ShouldBe("refused");
            await db.PutAsync($"{i}", "");
        }
    }

    // Something else in this process has the database open, a binding of LevelDB's own: a descriptor of ours that is closed would drop its
    // lock.
    [Fact]
    public async Task A_refused_handle_does_not_release_the_locks_of_others_in_its_process()
    {
        using TempDirectory directory = new();
        using LevelDatabase other = LevelDatabase.Open(directory.Path, new(), create: true);
        for (int i = 0; i < 3; i++)
        {
            (await Should.ThrowAsync<RaveException>(async () => await RaveLevel.OpenAsync(directory.Path, Impatient))).Code
                .ShouldBe(ErrorCodes.Locked);
            (await Should.ThrowAsync<RaveException>(async () => await RaveLevel.RepairAsync(directory.Path))).Code
                .ShouldBe(ErrorCodes.Locked);
            (await Should.ThrowAsync<RaveException>(async () => await RaveLevel.DestroyAsync(directory.Path))).Code
                .ShouldBe(ErrorCodes.Locked);
            (await locks.TryAsync("fcntl", directory.Path)).ShouldBe("refused");
        }

        other.Dispose();
        await using RaveLevel db = await RaveLevel.OpenAsync(directory.Path);
        await db.PutAsync("a", "1");
        (await locks.TryAsync("fcntl", directory.Path)).ShouldBe("refused");
        (await locks.TryAsync("flock", directory.Path)).ShouldBe("refused");
    }

    // If LOCK is deleted, other programs can lock a new one.
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_leader_whose_LOCK_is_replaced_holds_a_new_election(string how)
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        await leader.PutAsync("/v1/kv/hello", "world");
        File.Delete(Path.Combine(leader.Location, "LOCK"));
        (await leader.Process.ReadLineAsync()).ShouldBe($"leader {leader.SocketPath}");
        (await locks.TryAsync(how, leader.Location)).ShouldBe("refused");
        (await leader.Http.GetStringAsync("/v1/kv/hello")).ShouldBe("world");
    }

    private static async Task FillAsync(string location)
    {
        await using RaveLevel db = await RaveLevel.OpenAsync(location);
        await db.PutAsync("hello", "world");
    }
}
