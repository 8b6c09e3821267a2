using System.CommandLine;
using System.Text;
using Rave.Client;
using Rave.Server.Cli;

namespace Rave.Cli;

// rave get: prints the exact bytes of the value. On a terminal, control characters are made visible and a line break is added.
internal static class GetCommand
{
    internal static Command Create()
    {
        Argument<string> location = RaveCommand.Location();
        Argument<string> key = RaveCommand.Key();
        Option<string> keyEncoding = RaveCommand.KeyEncoding();
        Command command = new("get", "Print the value of a key.") { location, key, keyEncoding };
        command.SetAction((line, cancellationToken) => RaveCommand.RunAsync(
            line.GetRequiredValue(location),
            create: false,
            (database, token) =>
            {
                byte[] keyBytes = CliText.Decode(line.GetRequiredValue(key), line.GetRequiredValue(keyEncoding), "key");
                return GetAsync(database, keyBytes, token);
            },
            cancellationToken));
        return command;
    }

    private static async Task<int> GetAsync(RaveLevel<byte[], byte[]> database, byte[] key, CancellationToken cancellationToken)
    {
        if (await database.GetAsync(key, cancellationToken: cancellationToken).ConfigureAwait(false) is not { } value)
        {
            return ExitCode.NotFound;
        }

        if (!Console.IsOutputRedirected)
        {
            string text = TerminalText.Escape(Encoding.UTF8.GetString(value), keepLines: true);
            await RaveCommand.PrintAsync(text, cancellationToken).ConfigureAwait(false);
            return ExitCode.Done;
        }

        using Stream output = StandardStreams.OpenOutput();
        await output.WriteAsync(value, cancellationToken).ConfigureAwait(false);
        return ExitCode.Done;
    }
}
