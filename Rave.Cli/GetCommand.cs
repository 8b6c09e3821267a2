using System.CommandLine;
using System.Text;
using Rave.Client;
using Rave.Server.Cli;

namespace Rave.Cli;

// rave get: the value as it is; on a terminal as text that can do nothing there, with a line's end behind it.
internal static class GetCommand
{
    internal static Command Create()
    {
        Argument<string> location = RaveCommand.Location();
        Argument<string> key = RaveCommand.Key();
        Option<string> keyEncoding = RaveCommand.KeyEncoding();
        Command command = new("get", "Print a value.") { location, key, keyEncoding };
        command.SetAction((line, cancellationToken) => RaveCommand.RunAsync(
            line.GetRequiredValue(location),
            create: false,
            (database, token) => GetAsync(database, CliText.Decode(line.GetRequiredValue(key), line.GetRequiredValue(keyEncoding), "key"), token),
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
            await RaveCommand.PrintAsync(Visible.Of(Encoding.UTF8.GetString(value), keepLines: true), cancellationToken).ConfigureAwait(false);
            return ExitCode.Done;
        }

        using Stream output = StandardStreams.OpenOutput();
        await output.WriteAsync(value, cancellationToken).ConfigureAwait(false);
        return ExitCode.Done;
    }
}
