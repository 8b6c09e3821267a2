using System.Globalization;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// A file system in memory that is really full when it is full. Needs root; its test is skipped without.
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly TempDirectory _directory;

    private SmallDisk(TempDirectory directory) => _directory = directory;

    internal string this[string name] => _directory[name];

    internal static async Task<SmallDisk> MountAsync(int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root on Linux can mount a small file system.");
        TempDirectory directory = new();
        string error = await RunAsync("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m"), "tmpfs", directory.Path);
        if (error.Length > 0)
        {
            directory.Dispose();
            Assert.Skip($"This machine mounts no tmpfs: {error}");
        }

        return new(directory);
    }

    // Takes space that a test gives back by deleting the file.
    internal async Task<string> TakeAsync(int megabytes)
    {
        await File.WriteAllBytesAsync(this["ballast"], new byte[megabytes << 20]);
        return this["ballast"];
    }

    public async ValueTask DisposeAsync()
    {
        string error = await RunAsync("umount", _directory.Path);
        error.ShouldBeEmpty();
        _directory.Dispose();
    }

    // What it complains of; nothing where it succeeds.
    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        await using ChildProcess process = ChildProcess.Start(program, arguments);
        return await process.WaitForExitAsync() == 0 ? "" : $"{program}: {await process.Errors}";
    }
}
