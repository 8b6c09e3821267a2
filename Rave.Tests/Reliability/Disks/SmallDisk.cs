using System.Globalization;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// A file system in memory that is really full when it is full, and that can be mounted to be read. Its tests need root.
internal sealed class SmallDisk : IAsyncDisposable
{
    private const string Mounts = "a machine that mounts file systems";

    private readonly TempDirectory _directory;

    private SmallDisk(TempDirectory directory) => _directory = directory;

    internal string this[string name] => _directory[name];

    internal string Path => _directory.Path;

    internal static Task<SmallDisk> MountAsync(int megabytes) =>
        MountAsync("-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m"), "tmpfs");

    // The same directory at another path, read-only.
    internal static async Task<SmallDisk> ShowAsync(string directory)
    {
        SmallDisk view = await MountAsync("--bind", directory);
        try
        {
            await view.RemountAsync("bind,ro");
            return view;
        }
        catch
        {
            await view.DisposeAsync();
            throw;
        }
    }

    // To be read or written: "ro" or "rw".
    internal async Task RemountAsync(string options)
    {
        string error = await RunAsync("mount", "-o", $"remount,{options}", Path);
        if (error.Length > 0)
        {
            NotRun.Skip(Mounts, error);
        }
    }

    // Uses space. The test frees it by deleting the file.
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

    private static async Task<SmallDisk> MountAsync(params string[] options)
    {
        TempDirectory directory = new();
        string error = await RunAsync("mount", [.. options, directory.Path]);
        if (error.Length > 0)
        {
            directory.Dispose();
            NotRun.Skip(Mounts, error);
        }

        return new(directory);
    }

    // The error output. Empty if it succeeds.
    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        await using ChildProcess process = ChildProcess.Start(program, arguments);
        return await process.WaitForExitAsync() == 0 ? "" : $"{program}: {await process.Errors}";
    }
}
