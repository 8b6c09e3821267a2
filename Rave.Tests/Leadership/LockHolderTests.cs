using Rave.Server.Location;
using Rave.Tests.Harness;
using Rave.Tests.Reliability;

namespace Rave.Tests.Leadership;

[Needs(Need.Root)]
public sealed class LockHolderTests
{
    [Fact]
    public async Task The_holder_of_a_file_is_not_that_of_a_file_with_the_same_inode_on_another_disk()
    {
        await using SmallDisk one = await SmallDisk.MountAsync(megabytes: 1);
        await using SmallDisk other = await SmallDisk.MountAsync(megabytes: 1);
        using DatabaseLocation led = DatabaseLocation.Resolve(one["db"], create: true);
        using DatabaseLocation free = DatabaseLocation.Resolve(other["db"], create: true);
        using DatabaseLock held = DatabaseLock.TryAcquire(led)!;
        string twin = TwinOf(led.LockPath, other);

        LockHolder.Find(led.LockPath, LockHolder.Flock)!.ShouldStartWith($"process {Environment.ProcessId} (");
        LockHolder.Find(twin, LockHolder.Flock).ShouldBeNull();
    }

    // Disks that were formatted in the same way give their files the same numbers.
    private static string TwinOf(string path, SmallDisk disk)
    {
        ulong inode = Rave.Server.Platform.FileIdentity.Of(path)!.Value.Inode;
        return Enumerable.Range(0, 100).Select(i => disk[$"file{i}"]).First(file =>
        {
            File.Create(file).Dispose();
            return Rave.Server.Platform.FileIdentity.Of(file)!.Value.Inode == inode;
        });
    }
}
