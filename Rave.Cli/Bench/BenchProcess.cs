using System.Diagnostics;

namespace Rave.Cli.Bench;

// A second process of this program. It is killed when the object is disposed.
internal sealed class BenchProcess : IAsyncDisposable
{
    // The hidden command and its roles.
    internal const string Verb = "bench-peer";
    internal const string Lead = "lead";
    internal const string Once = "once";
    internal const string Echo = "echo";

    // Longer than any start takes.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private BenchProcess(Process process) => _process = process;

    internal static BenchProcess Start(IEnumerable<string> arguments, string? tempFolder = null)
    {
        // Standard error is inherited, so that failures and progress appear at once.
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            // This process was started as `dotnet program.dll`.
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        if (tempFolder is not null)
        {
            // If the process is killed, its temporary files are deleted with this folder.
            start.Environment[OperatingSystem.IsWindows() ? "TMP" : "TMPDIR"] = tempFolder;
        }

        return new(Process.Start(start)!);
    }

    // A process that leads the location until it is killed.
    internal static async Task<BenchProcess> StartLeaderAsync(
        string location, CancellationToken cancellationToken, string? tempFolder = null)
    {
        BenchProcess leader = Start([Verb, Lead, location], tempFolder);
        string? line = await leader.FirstAsync(leader._process.StandardOutput.ReadLineAsync(cancellationToken).AsTask(), cancellationToken)
            .ConfigureAwait(false);
        if (line != Lead)
        {
            await leader.DisposeAsync().ConfigureAwait(false);
            throw new BenchException("The leader process of the benchmark could not start. Its error is printed above.");
        }

        return leader;
    }

    // The first sign of the process, unless it ends before or takes too long.
    internal async Task<T> FirstAsync<T>(Task<T> sign, CancellationToken cancellationToken)
    {
        Task ended = _process.WaitForExitAsync(cancellationToken);
        if (await Task.WhenAny(sign, ended).WaitAsync(StartTimeout, cancellationToken).ConfigureAwait(false) == sign)
        {
            return await sign.ConfigureAwait(false);
        }

        throw new BenchException("A process of the benchmark could not start. Its error is printed above.");
    }

    // Everything the process printed, after it has ended successfully.
    internal async Task<string> ReadToEndAsync(CancellationToken cancellationToken)
    {
        string output = await _process.StandardOutput.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return _process.ExitCode == 0
            ? output
            : throw new BenchException($"A benchmark process failed with exit code {_process.ExitCode}. Its error is printed above.");
    }

    // Resident memory in bytes without mapped files. Systems other than Linux report it with mapped files.
    internal long PrivateMemory()
    {
        string status = $"/proc/{_process.Id}/status";
        return File.Exists(status)
            && File.ReadLines(status).FirstOrDefault(line => line.StartsWith("RssAnon:", StringComparison.Ordinal)) is { } line
            ? long.Parse(line.AsSpan()["RssAnon:".Length..^" kB".Length], System.Globalization.CultureInfo.InvariantCulture) << 10
            : _process.WorkingSet64;
    }

    internal void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync().ConfigureAwait(false);
        _process.Dispose();
    }
}
