using Rave.Tests.Harness;

namespace Rave.Tests.Cli;

// Command lines in a temporary folder. $RAVE and $SERVER are our programs.
internal sealed class Shell : IDisposable
{
    private readonly TempDirectory _directory = new();

    internal string Path => _directory.Path;

    internal string Location => _directory["db"];

    internal async Task<(int Exit, string Output, string Errors)> RunAsync(string command)
    {
        await using ChildProcess shell = ChildProcess.Start("bash", ["-c", command], start =>
        {
            start.WorkingDirectory = _directory.Path;
            start.Environment["RAVE"] = ChildProcess.RavePath;
            start.Environment["SERVER"] = ChildProcess.ServerPath;
        });
        string output = await shell.ReadToEndAsync();
        return (await shell.WaitForExitAsync(), output, await shell.Errors);
    }

    public void Dispose() => _directory.Dispose();
}
