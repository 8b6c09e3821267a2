using System.CommandLine;
using Rave.Client.Failover;
using Rave.Server.Contracts;

namespace Rave.Client.Cli;

// rave batch: operations from standard input, one JSON object a line, applied all or none.
internal static class BatchCommand
{
    internal static Command Create()
    {
        Argument<string> location = RaveCommand.Location();
        Option<string> keyEncoding = RaveCommand.KeyEncoding();
        Option<string> valueEncoding = RaveCommand.ValueEncoding();
        Option<bool> sync = RaveCommand.Sync();
        Command command = new(
            "batch",
            """
            Apply operations from standard input, one a line, all or none:
            {"type":"put","key":"a","value":"1"} or {"type":"del","key":"b"}. Lines without a type are puts.
            """)
        {
            location, keyEncoding, valueEncoding, sync,
        };
        command.SetAction((line, cancellationToken) => RaveCommand.RunAsync(
            line.GetRequiredValue(location),
            create: true,
            async (database, token) =>
            {
                TextEncoding keys = TextEncodings.Parse(line.GetRequiredValue(keyEncoding), forValues: false);
                TextEncoding values = TextEncodings.Parse(line.GetRequiredValue(valueEncoding), forValues: true);
                using Stream input = Console.OpenStandardInput();
                List<Operation> operations = await ReadAsync(input, keys, values, token).ConfigureAwait(false);
                await database.WriteAsync(operations, new() { Sync = line.GetValue(sync) }, token).ConfigureAwait(false);
                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }

    private static async Task<List<Operation>> ReadAsync(Stream input, TextEncoding keys, TextEncoding values, CancellationToken cancellationToken)
    {
        List<Operation> operations = [];
        using StreamReader lines = new(input);
        for (int number = 1; await lines.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line; number++)
        {
            if (line.Length > 0)
            {
                operations.Add(Parse(line, number, keys, values));
            }
        }

        return operations;
    }

    private static Operation Parse(string line, int number, TextEncoding keys, TextEncoding values)
    {
        BatchJsonReader reader = new(System.Text.Encoding.UTF8.GetBytes($"[{line}]"), keys, values, assumed: OperationType.Put);
        try
        {
            return reader.Read() ? new(reader.Type, reader.Key.ToArray(), reader.Value.ToArray()) : throw new InputException($"Line {number} holds no operation; nothing was written.");
        }
        catch (LevelException failure)
        {
            throw new InputException($"Line {number}: {failure.Message} Nothing was written.");
        }
        finally
        {
            reader.Dispose();
        }
    }
}
