using System.Runtime.Versioning;
using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// 15 of the list: a file system that is mounted to be read.
[UnsupportedOSPlatform("windows")]
[Needs(Need.Root)]
public sealed class ReadOnlyDiskTests
{
    [Theory]
    [InlineData("db", "Read-only file system")]
    [InlineData("db", "Read-only file system", "--read-only")]
    [InlineData("empty", "Read-only file system")]
    [InlineData("new", "Read-only file system")]
    public async Task A_read_only_location_is_refused_with_one_message(string location, string words, params string[] options)
    {
        await using SmallDisk disk = await SmallDisk.MountAsync(megabytes: 16);
        Directory.CreateDirectory(disk["empty"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using (RaveLevel db = await RaveLevel.OpenAsync(disk["db"]))
        {
            await db.PutAsync("hello", "world");
        }

        await disk.RemountAsync("ro");
        string[] before = Everything(disk);
        await using (ChildProcess server = ChildProcess.StartServer(disk[location], options))
        {
            (await server.WaitForExitAsync()).ShouldBe(3);
            string errors = await server.Errors;
            errors.ShouldStartWith("rave-server: ");
            errors.ShouldContain(words);
            errors.ShouldContain(disk[location]);
            errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1, "one sentence and no stack trace");
            (await server.ReadLineAsync()).ShouldBeNull("it never led");
        }

        await disk.RemountAsync("rw");
        Everything(disk).ShouldBe(before);
    }

    [Fact]
    public async Task A_server_with_a_read_only_view_of_a_location_follows_its_leader_and_waits_without_load_when_it_is_gone()
    {
        await using SmallDisk disk = await SmallDisk.MountAsync(megabytes: 16);
        await using LiveLeader leader = await LiveLeader.StartAtAsync(disk["db"]);
        (await leader.PutAsync("/v1/kv/hello", "world")).EnsureSuccessStatusCode();
        await using SmallDisk view = await SmallDisk.ShowAsync(disk["db"]);
        await using ChildProcess follower = ChildProcess.StartServer(view.Path);
        (await follower.ReadLineAsync()).ShouldBe($"follower {view["rave.sock"]}");
        await using (RaveLevel db = await RaveLevel.OpenAsync(view.Path))
        {
            (await db.GetAsync("hello")).ShouldBe("world");
            await db.PutAsync("more", "1");
        }

        await leader.Process.KillAsync();
        TimeSpan before = follower.ProcessorTime;
        string[] files = Everything(disk);
        (await follower.ExpectErrorAsync("waiting")).ShouldContain($"the last to lead was process {leader.Process.Id} ");
        (follower.ProcessorTime - before).ShouldBeLessThan(TimeSpan.FromSeconds(1), "it looks again now and then");
        Everything(disk).ShouldBe(files);

        await using LiveLeader next = await LiveLeader.StartAtAsync(disk["db"]);
        (await follower.ReadLineAsync()).ShouldBe($"follower {view["rave.sock"]}");
        (await next.Http.GetStringAsync("/v1/kv/more")).ShouldBe("1");
    }

    // Every file with its length and when it was last written.
    private static string[] Everything(SmallDisk disk) =>
    [
        .. new DirectoryInfo(disk.Path).GetFileSystemInfos("*", SearchOption.AllDirectories)
            .Select(file => $"{file.FullName} {(file as FileInfo)?.Length} {file.LastWriteTimeUtc.Ticks}").Order(),
    ];
}
