using System.CommandLine;
using Rave.Cli.Bench;
using Rave.Client;
using Rave.Server.Cli;
using Rave.Server.Platform;

namespace Rave.Cli;

// The root command, and what its commands share.
internal static class RaveCommand
{
    internal static Command Create() => new(
        "rave",
        """
        Reads and writes a database that other processes use at the same time.

        Exit codes: 0 done, 1 not found, 2 wrong usage or input, 3 the database or standard output failed,
        4 a copy differs from its source, 130 interrupted, 141 the reader of the output has ended.
        """)
    {
        GetCommand.Create(),
        PutCommand.Create(),
        DelCommand.Create(),
        ScanCommand.Create(),
        BatchCommand.Create(),
        CopyCommand.Create(),
        StatusCommand.Create(),
        ServeCommand.Create(),
        BenchCommand.Create(),
        BenchPeerCommand.Create(),
        StrictArguments.Help(),
        new VersionOption(),
    };

    internal static Argument<string> Location(
        string name = "location", string description = "The directory of the database, or etcd://h1,h2,h3/app.")
    {
        Argument<string> location = new(name) { Description = description };
        location.Validators.Add(StrictArguments.RequireLocation);
        return location;
    }

    internal static Argument<string> Key() => new("key") { Description = "The key." };

    internal static Option<string> KeyEncoding() =>
        Encoding("--key-encoding", "How keys are written as text", "utf8", "hex", "base64", "base64url");

    internal static Option<string> ValueEncoding() =>
        Encoding("--value-encoding", "How values are written as text", "utf8", "hex", "base64", "base64url", "json");

    internal static Option<bool> Sync() => new("--sync") { Description = "Return only when the write is on disk." };

    // Opens the database for one command.
    internal static Task<int> RunAsync(
        string location,
        bool create,
        Func<RaveLevel<byte[], byte[]>, CancellationToken, Task<int>> verb,
        CancellationToken cancellationToken) => ReportAsync(async () =>
    {
        RaveOptions options = new() { CreateIfMissing = create };
        RaveLevel<byte[], byte[]> database = await RaveLevel
            .OpenAsync(location, Encodings.Bytes, Encodings.Bytes, options, cancellationToken).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            return await verb(database, cancellationToken).ConfigureAwait(false);
        }
    });

    // Turns failures into a sentence and an exit code.
    internal static async Task<int> ReportAsync(Func<Task<int>> verb)
    {
        try
        {
            return await verb().ConfigureAwait(false);
        }
        catch (InputException failure)
        {
            return await FailAsync(failure.Message, ExitCode.Usage).ConfigureAwait(false);
        }
        catch (BenchException failure)
        {
            return await FailAsync(failure.Message, ExitCode.ServiceError).ConfigureAwait(false);
        }
        catch (RaveException failure)
        {
            return await FailAsync($"{failure.Message} [{failure.Code}]", ExitCode.ServiceError).ConfigureAwait(false);
        }
        catch (ArgumentException failure)
        {
            return await FailAsync(failure.Message, ExitCode.Usage).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (IOException failure) when (StandardStreams.IsBrokenPipe(failure))
        {
            return ExitCode.BrokenPipe;
        }
        catch (Exception failure)
        {
            // Any other failure: one sentence, and never exit code 1, which means that the key was not found.
            return await FailAsync(failure.Root().Message, ExitCode.ServiceError).ConfigureAwait(false);
        }
    }

    private static Option<string> Encoding(string name, string what, params string[] names)
    {
        Option<string> option = new(name)
        {
            Description = $"{what}: {string.Join(", ", names)}.",
            DefaultValueFactory = _ => names[0],
        };
        option.AcceptOnlyFromAmong(names);
        return option;
    }

    internal static async Task<int> FailAsync(string message, int exit)
    {
        await PrintErrorAsync($"rave: {message}").ConfigureAwait(false);
        return exit;
    }

    internal static async ValueTask PrintErrorAsync(string text)
    {
        try
        {
            await Console.Error.WriteLineAsync(Console.IsErrorRedirected ? text : TerminalText.Escape(text)).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // Standard error is closed or full. Only the exit code can report the failure.
        }
    }

    internal static async Task PrintAsync(string text, CancellationToken cancellationToken)
    {
        using Stream output = StandardStreams.OpenOutput();
        await output.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text + "\n"), cancellationToken).ConfigureAwait(false);
    }
}
