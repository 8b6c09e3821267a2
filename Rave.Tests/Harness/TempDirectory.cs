namespace Rave.Tests.Harness;

// A temporary folder that is deleted with its test.
internal sealed class TempDirectory : IDisposable
{
    internal TempDirectory() => Path = Directory.CreateTempSubdirectory("rave-").FullName;

    internal string Path { get; }

    internal string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The test deleted it.
        }
    }
}
