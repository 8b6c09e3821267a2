using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Leadership;

// Other names of a database's directory, and copies of it. One directory is one database. A copy is another database, and its leader does
// not touch the first.
public sealed class CopiedDirectoryTests
{
    private static readonly RaveOptions Impatient = new() { OpenTimeout = TimeSpan.FromSeconds(6) };

    [Fact]
    public async Task A_copy_by_hard_links_of_a_database_that_is_led_is_refused_and_nothing_is_written_to_either()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        await leader.PutAsync("/v1/kv/hello", "world");
        using TempDirectory copies = new();
        await CopyAsync("-al", leader.Location, copies["copy"]);

        await using ChildProcess put = ChildProcess.StartRave("put", copies["copy"], "k", "v");
        (await put.WaitForExitAsync()).ShouldBe(3);
        (await put.Errors).ShouldContain("a copy by hard links");
        foreach (RaveOptions options in (RaveOptions[])[Impatient, Impatient with { CanLead = false }])
        {
            RaveException refusal = await Should.ThrowAsync<RaveException>(async () => await RaveLevel.OpenAsync(copies["copy"], options));
            refusal.Code.ShouldBe(ErrorCodes.IoError);
            refusal.Message.ShouldContain("cp -a");
        }

        (await leader.GetJsonAsync("/v1/count")).GetProperty("count").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task An_original_cannot_be_led_while_its_hard_linked_copy_is_led_and_the_error_says_so()
    {
        using TempDirectory directory = new();
        await using (RaveLevel db = await RaveLevel.OpenAsync(directory["db"]))
        {
            await db.PutAsync("a", "1");
        }

        await CopyAsync("-al", directory["db"], directory["copy"]);
        await using RaveLevel copy = await RaveLevel.OpenAsync(directory["copy"]);
        await copy.PutAsync("a", "2");
        RaveException refusal = await Should.ThrowAsync<RaveException>(async () => await RaveLevel.OpenAsync(directory["db"], Impatient));
        refusal.Code.ShouldBe(ErrorCodes.ConnectionLost);
        refusal.Message.ShouldContain("a copy by hard links");
        await copy.CloseAsync();

        await using RaveLevel original = await RaveLevel.OpenAsync(directory["db"]);
        (await original.GetAsync("a")).ShouldBe("1");
    }

    [Fact]
    public async Task A_copy_without_links_is_a_separate_database()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        await leader.PutAsync("/v1/kv/hello", "world");
        using TempDirectory copies = new();
        await CopyAsync("-a", leader.Location, copies["copy"]);
        await using RaveLevel copy = await RaveLevel.OpenAsync(copies["copy"]);
        copy.IsLeader.ShouldBeTrue();
        (await copy.GetAsync("hello")).ShouldBe("world");
        await copy.PutAsync("hello", "copy");
        (await leader.Http.GetStringAsync("/v1/kv/hello")).ShouldBe("world");
    }

    [Fact]
    public async Task A_directory_that_is_moved_while_it_is_led_is_followed_under_its_new_name()
    {
        using TempDirectory directory = new();
        // Its clock does not move: a leader checks twice per second whether its lock file still has its name, and holds a new election if
        // not.
        await using RaveLevel leader = await RaveLevel.OpenAsync(directory["db"], new() { TimeProvider = new FakeTime() });
        await leader.PutAsync("hello", "world");
        Directory.Move(directory["db"], directory["moved"]);
        await using RaveLevel db = await RaveLevel.OpenAsync(directory["moved"]);
        db.IsLeader.ShouldBeFalse();
        (await db.GetAsync("hello")).ShouldBe("world");
    }

    [Fact]
    [Needs(Need.Root)]
    public async Task A_directory_that_is_mounted_elsewhere_is_the_same_database()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        await leader.PutAsync("/v1/kv/hello", "world");
        using TempDirectory mounts = new();
        Directory.CreateDirectory(mounts["db"]);
        // In its own mount namespace, so that nothing stays mounted.
        await using ChildProcess get = ChildProcess.Start(
            "unshare", "--mount", "sh", "-c",
                $"mount --bind '{leader.Location}' '{mounts["db"]}' && exec '{ChildProcess.RavePath}' get '{mounts["db"]}' hello");
        (await get.ReadToEndAsync()).ShouldBe("world", await get.Errors);
    }

    private static async Task CopyAsync(string how, string from, string to)
    {
        await using ChildProcess copy = ChildProcess.Start("cp", how, from, to);
        (await copy.WaitForExitAsync()).ShouldBe(0, await copy.Errors);
    }
}
