using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;

namespace Rave.Tests.Harness;

// A real process of one of our programs. Its lines are read as they arrive, it gets real signals, and it never outlives its test.
internal sealed partial class ChildProcess : IAsyncDisposable
{
    internal const int Terminate = 15;
    internal const int Interrupt = 2;
    private const int Stop = 19;
    internal const int Continue = 18;

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _errorLines = Channel.CreateUnbounded<string>();
    private readonly Task<string> _errors;
    private readonly Task _reading;

    private ChildProcess(Process process)
    {
        _process = process;
        _errors = Task.Run(ReadErrorsAsync);
        _reading = Task.Run(ReadLinesAsync);
    }

    // The path of the program, for tests that start it with another environment, umask or user.
    internal static string ServerPath { get; } = PathOf("Rave.Server", "rave-server");

    internal static string RavePath { get; } = PathOf("Rave.Cli", "rave");

    private static string PeerPath { get; } = Path.Combine(AppContext.BaseDirectory, "Rave.Tests.Peer");

    internal int Id => _process.Id;

    internal bool HasExited => _process.HasExited;

    // All of standard error, once the process has ended.
    internal Task<string> Errors => _errors.WaitAsync(Waiting.Patience);

    internal StreamWriter Input => _process.StandardInput;

    internal static ChildProcess Start(string program, params string[] arguments) => Start(program, arguments, _ => { });

    internal static ChildProcess Start(string program, IEnumerable<string> arguments, Action<ProcessStartInfo> configure)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Most live for less than a second: compiling their hot methods a second time was a tenth of a run's time.
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "1000";
        configure(start);
        return new(Process.Start(start)!);
    }

    // rave-server. Without this variable, it would restart itself to set it, which costs a quarter more time. NativeMemoryTests and all
    // commands of a shell test the restart.
    internal static ChildProcess StartServer(string location, params string[] options) =>
        Start(ServerPath, [location, .. options], start => start.Environment["MALLOC_ARENA_MAX"] = "1");

    // rave, as a user types it.
    internal static ChildProcess StartRave(params string[] arguments) =>
        Start(RavePath, arguments);

    // Another program that uses a database.
    internal static ChildProcess StartPeer(string location, params string[] arguments) =>
        Start(PeerPath, [location, .. arguments]);

    // One that uses one database after another.
    internal static ChildProcess StartPeers() => Start(PeerPath);

    // A line in, the line that answers it out; news of elections between them are passed over.
    internal async Task<string?> AskAsync(string line)
    {
        await TellAsync(line);
        string? answer;
        while ((answer = await ReadLineAsync()) is "leader" or "open")
        {
        }

        return answer;
    }

    internal async Task TellAsync(string line)
    {
        await Input.WriteLineAsync(line);
        await Input.FlushAsync();
    }

    // The next line of standard output; null at its end.
    internal Task<string?> ReadLineAsync() => ReadAsync(_lines.Reader);

    // The next line of standard error with these words in it.
    internal async Task<string> ExpectErrorAsync(string words)
    {
        while (await ReadAsync(_errorLines.Reader) is { } next)
        {
            if (next.Contains(words, StringComparison.Ordinal))
            {
                return next;
            }
        }

        throw new InvalidOperationException($"'{words}' never came. Errors: {await _errors}");
    }

    // The rest of standard output, until the process and all its children have closed it.
    internal async Task<string> ReadToEndAsync()
    {
        List<string> lines = [];
        using CancellationTokenSource patience = new(Waiting.WholeRun);
        try
        {
            await foreach (string line in _lines.Reader.ReadAllAsync(patience.Token))
            {
                lines.Add(line);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} did not close its output within {Waiting.WholeRun.TotalSeconds} s. "
                + $"Until then: {string.Join(" | ", lines)}");
        }

        return string.Join('\n', lines);
    }

    // Reads until the line arrives.
    internal async Task ExpectAsync(string line)
    {
        List<string> seen = [];
        while (await ReadLineAsync() is { } next)
        {
            if (next == line)
            {
                return;
            }

            seen.Add(next);
        }

        throw new InvalidOperationException($"'{line}' never came. Output: {string.Join(" | ", seen)}. Errors: {await _errors}");
    }

    // Private memory in bytes. Pages of LevelDB's mapped files do not count, because the system can take them back.
    internal long PrivateMemory()
    {
        string line = File.ReadLines($"/proc/{Id}/status").Single(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]);
    }

    // Its CPU time.
    internal TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    // Sends SIGKILL, and waits until the process has ended.
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().Soon();
    }

    // Sends SIGSTOP, and waits until every thread has stopped: some may run for a moment after kill() has returned.
    internal async Task SuspendAsync()
    {
        Signal(Stop);
        using CancellationTokenSource patience = new(Waiting.Patience);
        while (!File.ReadLines($"/proc/{Id}/status").Any(line => line.StartsWith("State:\tT", StringComparison.Ordinal)))
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    internal void Signal(int signal) => kill(_process.Id, signal).ShouldBe(0);

    internal async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().Soon();
        return _process.ExitCode;
    }

    // SIGTERM, and its exit code.
    internal Task<int> TerminateAsync()
    {
        Signal(Terminate);
        return WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // SIGKILL also ends a stopped process. Its children are killed too, because they would keep the pipes open that are read to
            // their end below.
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().WaitAsync(Waiting.Patience);
        }

        await Task.WhenAll(_reading, _errors).WaitAsync(Waiting.Patience);
        _process.Dispose();
    }

    private static async Task<string?> ReadAsync(ChannelReader<string> lines)
    {
        using CancellationTokenSource patience = new(Waiting.Patience);
        try
        {
            return await lines.ReadAsync(patience.Token);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    private async Task ReadLinesAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _lines.Writer.TryWrite(line);
        }

        _lines.Writer.Complete();
    }

    private async Task<string> ReadErrorsAsync()
    {
        StringBuilder all = new();
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            all.AppendLine(line);
            _errorLines.Writer.TryWrite(line);
        }

        _errorLines.Writer.Complete();
        return all.ToString();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);

    // As they were built with this assembly, or as published.
    private static string PathOf(string built, string published) => Machine.PublishedPrograms is { } folder
        ? Path.Combine(folder, published)
        : Path.Combine(AppContext.BaseDirectory, built);
}
