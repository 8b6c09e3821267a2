using System.Text.Json;
using Rave.Tests.Peer;

namespace Rave.Tests.History;

// Histories on disk: as processes write them, and a whole one that was found wrong, to look at and to check again.
internal static class HistoryFile
{
    // Of all processes together. A line that its process was killed in the middle of was never acted upon.
    internal static List<HistoryOperation> Merge(string directory) => [.. Directory.GetFiles(directory).SelectMany(Of)];

    internal static void Write(string path, IEnumerable<HistoryOperation> history)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllLines(path, history.Select(operation => JsonSerializer.Serialize(operation)));
    }

    internal static List<HistoryOperation> Read(string path) =>
        [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<HistoryOperation>(line)!)];

    private static IEnumerable<HistoryOperation> Of(string path)
    {
        string text = File.ReadAllText(path);
        HistoryLine[] lines = [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<HistoryLine>(line)!)];
        Dictionary<long, HistoryLine> returns = lines.Where(line => line.Outcome is not null).ToDictionary(line => line.Number);
        List<HistoryOperation> operations = [.. lines
            .Where(line => line.Kind is not null && returns.GetValueOrDefault(line.Number)?.Outcome != HistoryLine.Nothing)
            .Select(call => Operation(Path.GetFileNameWithoutExtension(path), call, returns.GetValueOrDefault(call.Number)))];
        HistoryOperation[] decided = [.. operations.Where(operation => operation is { IsRead: false, Outcome: not Outcome.Unknown })
            .OrderBy(operation => operation.Invoked)];
        return operations.Select(operation =>
            operation.Outcome == Outcome.Unknown ? operation with { Returned = LastMoment(operation.Returned, decided) } : operation);
    }

    // A cancelled operation is not applied after a later write of the same process was decided.
    private static long LastMoment(long givenUp, HistoryOperation[] decided) =>
        decided.SkipWhile(operation => operation.Invoked <= givenUp).Select(operation => operation.Returned)
            .DefaultIfEmpty(HistoryOperation.Never).Min();

    private static HistoryOperation Operation(string process, HistoryLine call, HistoryLine? end) => new(
        process,
        call.Key!,
        call.Kind switch { HistoryLine.Get => OperationKind.Get, HistoryLine.Put => OperationKind.Put, _ => OperationKind.CompareAndSet },
        call.Kind == HistoryLine.Get ? end?.Value : call.Value,
        call.Expected,
        end?.Outcome switch { HistoryLine.Done => Outcome.Done, HistoryLine.Refused => Outcome.Refused, _ => Outcome.Unknown },
        call.At,
        end?.At ?? HistoryOperation.Never);
}
