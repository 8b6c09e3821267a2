namespace Rave.Cli.Bench;

// The folder of a run's databases. It is deleted at the end.
internal sealed class TempFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("rave-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
