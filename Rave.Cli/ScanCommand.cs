using System.CommandLine;
using Rave.Client;
using Rave.Server.Protocol;

namespace Rave.Cli;

// rave scan: the entries of a range. On a terminal, columns; in a pipe, JSON lines that `rave batch` can read.
internal static class ScanCommand
{
    internal static Command Create()
    {
        Argument<string> location = RaveCommand.Location();
        Option<string?> gt = new("--gt") { Description = "Only keys after this one." };
        Option<string?> gte = new("--gte") { Description = "Only this key and keys after it." };
        Option<string?> lt = new("--lt") { Description = "Only keys before this one." };
        Option<string?> lte = new("--lte") { Description = "Only this key and keys before it." };
        Option<string?> prefix = new("--prefix") { Description = "Only keys that begin with this." };
        Option<bool> reverse = new("--reverse") { Description = "List from the last key to the first." };
        Option<long> limit = new("--limit") { Description = "The maximum number of entries; -1 for all.", DefaultValueFactory = _ => -1 };
        limit.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && long.TryParse(result.Tokens[0].Value, out long number) && number < -1)
            {
                result.AddError("--limit must be -1 or more.");
            }
        });
        Option<string> keyEncoding = RaveCommand.KeyEncoding();
        Option<string> valueEncoding = RaveCommand.ValueEncoding();
        Command command = new("scan", "List the entries of a range in order.")
        {
            location, gt, gte, lt, lte, prefix, reverse, limit, keyEncoding, valueEncoding,
        };
        command.SetAction((line, cancellationToken) => RaveCommand.RunAsync(
            line.GetRequiredValue(location),
            create: false,
            (database, token) =>
            {
                string keys = line.GetRequiredValue(keyEncoding);
                RangeOptions<byte[]> range = new()
                {
                    Gt = CliText.DecodeBound(line.GetValue(gt), keys, "bound"),
                    Gte = CliText.DecodeBound(line.GetValue(gte), keys, "bound"),
                    Lt = CliText.DecodeBound(line.GetValue(lt), keys, "bound"),
                    Lte = CliText.DecodeBound(line.GetValue(lte), keys, "bound"),
                    Prefix = CliText.DecodeBound(line.GetValue(prefix), keys, "prefix"),
                    Reverse = line.GetValue(reverse),
                    Limit = line.GetValue(limit),
                };
                return ScanAsync(database, range, keys, line.GetRequiredValue(valueEncoding), token);
            },
            cancellationToken));
        return command;
    }

    private static async Task<int> ScanAsync(
        RaveLevel<byte[], byte[]> database,
        RangeOptions<byte[]> range,
        string keyEncoding,
        string valueEncoding,
        CancellationToken cancellationToken)
    {
        TextEncoding keys = TextEncodings.Parse(keyEncoding, forValues: false);
        TextEncoding values = TextEncodings.Parse(valueEncoding, forValues: true);
        using Stream output = StandardStreams.OpenOutput();
        EntryLines lines = new(output, keys, values, forPeople: !Console.IsOutputRedirected);
        await using (lines.ConfigureAwait(false))
        {
            await foreach ((byte[] key, byte[] value) in database.Iterate(range, cancellationToken).ConfigureAwait(false))
            {
                await lines.WriteAsync(key, value, cancellationToken).ConfigureAwait(false);
            }
        }

        return ExitCode.Done;
    }
}
