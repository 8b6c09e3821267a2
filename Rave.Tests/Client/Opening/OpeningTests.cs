using Rave.Client;
using Rave.Server.LevelDb;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

public sealed class OpeningTests
{
    [Fact]
    public async Task Opening_creates_the_database_and_its_directory_only_for_its_owner()
    {
        using TempDirectory directory = new();
        await using RaveLevel db = await RaveLevel.OpenAsync(directory["db"]);
        db.Location.ShouldBe(directory["db"]);
        db.Status.ShouldBe(LevelStatus.Open);
        db.IsLeader.ShouldBeTrue();
        db.LeaderInfo!.Pid.ShouldBe(Environment.ProcessId);
        File.GetUnixFileMode(directory["db"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Without_CreateIfMissing_nothing_is_created_not_even_the_directory()
    {
        using TempDirectory directory = new();
        RaveOptions options = new() { CreateIfMissing = false };
        (await RaveLevel.OpenAsync(directory["db"], options).ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_DATABASE_NOT_OPEN");
        Directory.Exists(directory["db"]).ShouldBeFalse();

        Directory.CreateDirectory(directory["empty"]);
        (await RaveLevel.OpenAsync(directory["empty"], options).ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_DATABASE_NOT_OPEN");
        File.Exists(directory["empty/CURRENT"]).ShouldBeFalse();
    }

    [Fact]
    public async Task ErrorIfExists_refuses_a_database_whether_it_has_a_leader_or_not()
    {
        using TempDirectory directory = new();
        RaveOptions options = new() { ErrorIfExists = true };
        RaveLevel first = await RaveLevel.OpenAsync(directory["db"], options);
        (await RaveLevel.OpenAsync(directory["db"], options).ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_DATABASE_NOT_OPEN");
        await first.CloseAsync();
        (await RaveLevel.OpenAsync(directory["db"], options).ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_DATABASE_NOT_OPEN");
    }

    [Fact]
    public async Task A_handle_that_may_not_lead_fails_at_its_deadline_without_a_leader()
    {
        using TempDirectory directory = new();
        await (await RaveLevel.OpenAsync(directory["db"])).CloseAsync();
        RaveOptions options = new() { CanLead = false, OpenTimeout = TimeSpan.FromMilliseconds(300) };
        (await RaveLevel.OpenAsync(directory["db"], options).ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_CONNECTION_LOST");
    }

    [Fact]
    public async Task A_file_in_the_place_of_the_directory_is_refused()
    {
        using TempDirectory directory = new();
        File.WriteAllText(directory["file"], "precious");
        RaveException failure = await RaveLevel.OpenAsync(directory["file"]).ShouldThrowAsync<RaveException>();
        failure.Message.ShouldContain(directory["file"]);
        File.ReadAllText(directory["file"]).ShouldBe("precious");
    }

    [Fact]
    public async Task Another_program_that_has_the_database_open_is_named()
    {
        using TempDirectory directory = new();
        using LevelDatabase foreigner = LevelDatabase.Open(directory["db"], new(), create: true);
        // By then it must have tried to lead: a busy machine took more than 300 ms for that.
        RaveOptions options = new() { OpenTimeout = TimeSpan.FromSeconds(3) };
        RaveException failure = await RaveLevel.OpenAsync(directory["db"], options).ShouldThrowAsync<RaveException>();
        failure.Code.ShouldBe("LEVEL_LOCKED");
        failure.Message.ShouldContain(directory["db"]);
    }

    [Theory]
    [InlineData("a very long name in which nobody believed and which is repeated to make it "
        + "longer than any socket address may be, and yet it works")]
    [InlineData("ein Ort mit Umlauten äöü, mit 漢字 und mit Leerzeichen, der "
        + "in Bytes gezählt viel länger ist als in Zeichen, und trotzdem geht es")]
    public async Task A_long_path_works_in_all_its_spellings(string name)
    {
        using TempDirectory directory = new();
        string path = directory[$"{name}/{name}"];
        await using RaveLevel leader = await RaveLevel.OpenAsync(path);
        await using ChildProcess server = ChildProcess.StartServer(Path.Combine(directory.Path, name, ".", name, "..", name));
        await server.ExpectAsync($"follower {path}/rave.sock");

        File.CreateSymbolicLink(directory["link"], path);
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["link"]);
        await follower.PutAsync("a", "1");
        (await leader.GetAsync("a")).ShouldBe("1");
        leader.IsLeader.ShouldBeTrue();
        follower.IsLeader.ShouldBeFalse();
        follower.Location.ShouldBe(path);
    }

    [Fact]
    public async Task Closing_twice_works_and_a_closed_handle_refuses_calls()
    {
        using TempDirectory directory = new();
        RaveLevel db = await RaveLevel.OpenAsync(directory["db"]);
        await Task.WhenAll(db.CloseAsync(), db.CloseAsync());
        await db.DisposeAsync();

        db.Status.ShouldBe(LevelStatus.Closed);
        db.IsLeader.ShouldBeFalse();
        (await db.PutAsync("a", "1").AsTask().ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_DATABASE_NOT_OPEN");
        (await db.Iterate().ToArrayAsync().AsTask().ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_DATABASE_NOT_OPEN");
    }
}
