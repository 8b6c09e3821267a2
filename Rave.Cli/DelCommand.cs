using System.CommandLine;

namespace Rave.Cli;

// rave del: done as well when there was nothing to delete.
internal static class DelCommand
{
    internal static Command Create()
    {
        Argument<string> location = RaveCommand.Location();
        Argument<string> key = RaveCommand.Key();
        Option<string> keyEncoding = RaveCommand.KeyEncoding();
        Option<bool> sync = RaveCommand.Sync();
        Command command = new("del", "Delete an entry, if there is one.") { location, key, keyEncoding, sync };
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
