using System.CommandLine;

namespace Rave.Cli;

// rave del: succeeds also when there is no such entry.
internal static class DelCommand
{
    internal static Command Create()
    {
        Argument<string> location = RaveCommand.Location();
        Argument<string> key = RaveCommand.Key();
        Option<string> keyEncoding = RaveCommand.KeyEncoding();
        Option<bool> sync = RaveCommand.Sync();
        Command command = new("del", "Delete an entry. It is no error if there is none.") { location, key, keyEncoding, sync };
        command.SetAction((line, cancellationToken) => RaveCommand.RunAsync(
            line.GetRequiredValue(location),
            create: false,
            async (database, token) =>
            {
                byte[] keyBytes = CliText.Decode(line.GetRequiredValue(key), line.GetRequiredValue(keyEncoding), "key");
                await database.DeleteAsync(keyBytes, new() { Sync = line.GetValue(sync) }, token).ConfigureAwait(false);
                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}
