using System.Buffers;
using System.CommandLine;
using System.IO.Pipelines;
using Rave.Client;
using Rave.Client.Batches;
using Rave.Server.Protocol;

namespace Rave.Cli;

// rave batch: operations from standard input, one JSON object per line. Either all are applied or none.
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
            Apply operations from standard input, one per line. Either all are applied or none.
            A line is {"type":"put","key":"a","value":"1"} or {"type":"del","key":"b"}. A line without a type is a put.
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
                using Stream input = StandardStreams.OpenInput();
                List<Operation> operations = await ReadAsync(input, keys, values, token).ConfigureAwait(false);
                await database.WriteAsync(operations, new() { Sync = line.GetValue(sync) }, token).ConfigureAwait(false);
                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }

    private static async Task<List<Operation>> ReadAsync(
        Stream input, TextEncoding keys, TextEncoding values, CancellationToken cancellationToken)
    {
        List<Operation> operations = [];
        PipeReader lines = PipeReader.Create(input);
        try
        {
            for (int number = 1; await ReadLineAsync(lines, cancellationToken).ConfigureAwait(false) is { } line; number++)
            {
                if (line.AsSpan().ContainsAnyExcept(" \t\r"u8))
                {
                    operations.Add(Parse(line, number, keys, values));
                    ThrowIfTooMany(operations.Count);
                }
            }

            return operations;
        }
        catch (IOException failure)
        {
            throw new InputException($"Standard input could not be read: {failure.Message.TrimEnd('.')}. Nothing was written.");
        }
    }

    // The bytes of a line without the line break; null after the last line.
    private static async Task<byte[]?> ReadLineAsync(PipeReader lines, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await lines.ReadAsync(cancellationToken).ConfigureAwait(false);
            SequencePosition? end = read.Buffer.PositionOf((byte)'\n');
            if (end is { } found || read.IsCompleted)
            {
                ReadOnlySequence<byte> line = read.Buffer.Slice(0, end ?? read.Buffer.End);
                byte[]? bytes = end is null && line.IsEmpty ? null : line.ToArray();
                lines.AdvanceTo(end is null ? read.Buffer.End : read.Buffer.GetPosition(1, end.Value));
                return bytes;
            }

            lines.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static void ThrowIfTooMany(int operations)
    {
        int most = new Limits().BatchOperations;
        if (operations > most)
        {
            throw new InputException(
                $"A batch may hold at most {most} operations. Nothing was written. Load more entries with "
                + "curl --unix-socket <location>/rave.sock -H 'Content-Type: application/x-ndjson' "
                + "-T <file> -X POST http://rave/v1/entries");
        }
    }

    private static Operation Parse(byte[] line, int number, TextEncoding keys, TextEncoding values)
    {
        BatchJsonReader reader = new([(byte)'[', .. line, (byte)']'], keys, values, assumed: OperationType.Put);
        try
        {
            if (!reader.Read())
            {
                throw new InputException($"Line {number} holds no operation. Nothing was written.");
            }

            Operation operation = new(reader.Type, reader.Key.ToArray(), reader.Value.ToArray());
            // Read to the end of the line: a second operation is an error, and is never skipped.
            return !reader.Read()
                ? operation
                : throw new InputException(
                    $"Line {number} holds more than one operation. Nothing was written. Put each operation on its own line.");
        }
        catch (RaveException failure)
        {
            throw new InputException($"Line {number}: {failure.Message} Nothing was written.");
        }
        finally
        {
            reader.Dispose();
        }
    }
}
