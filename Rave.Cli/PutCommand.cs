using System.CommandLine;

namespace Rave.Cli;

// rave put: the value is an argument, or the exact bytes of standard input.
internal static class PutCommand
{
    internal static Command Create()
    {
        Argument<string> location = RaveCommand.Location();
        Argument<string> key = RaveCommand.Key();
        Argument<string?> value = new("value")
        {
            Description = "The value. If omitted, the bytes of standard input are stored unchanged.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string> keyEncoding = RaveCommand.KeyEncoding();
        Option<string> valueEncoding = RaveCommand.ValueEncoding();
        Option<bool> sync = RaveCommand.Sync();
        Command command = new("put", "Store a value under a key.") { location, key, value, keyEncoding, valueEncoding, sync };
        command.SetAction((line, cancellationToken) => RaveCommand.RunAsync(
            line.GetRequiredValue(location),
            create: true,
            async (database, token) =>
            {
                byte[] keyBytes = CliText.Decode(line.GetRequiredValue(key), line.GetRequiredValue(keyEncoding), "key");
                byte[] bytes = line.GetValue(value) is { } text
                    ? CliText.Decode(text, line.GetRequiredValue(valueEncoding), "value")
                    : await ReadInputAsync(token).ConfigureAwait(false);
                await database.PutAsync(keyBytes, bytes, new() { Sync = line.GetValue(sync) }, token).ConfigureAwait(false);
                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }

    private static async Task<byte[]> ReadInputAsync(CancellationToken cancellationToken)
    {
        using Stream input = StandardStreams.OpenInput();
        using MemoryStream bytes = new();
        try
        {
            await input.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
            return bytes.ToArray();
        }
        catch (IOException failure)
        {
            throw new InputException($"Standard input could not be read: {failure.Message.TrimEnd('.')}. Nothing was written.");
        }
    }
}
