namespace Rave.Cli.Bench;

// Where a database of a run stands; gone with it.
internal sealed class TempFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("rave-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
