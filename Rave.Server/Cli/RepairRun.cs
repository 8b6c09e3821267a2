using System.Text.Json;
using Rave.Server.Location;
using Rave.Server.Protocol;

namespace Rave.Server.Cli;

// A run of rave-server --repair: it copies a closed database, rescues what can be read of it, reports the result and ends.
internal static class RepairRun
{
    internal static async Task<int> RunAsync(string path, bool json, CancellationToken cancellationToken)
    {
        try
        {
            RepairReport report = await Task.Run(
                () => ClosedDatabase.Repair(path, new(), TimeProvider.System.GetUtcNow(), cancellationToken), cancellationToken);
            string text = json ? JsonSerializer.Serialize(report, RaveJson.Legible.RepairReport) : string.Join('\n', Lines(report));
            await Console.Out.WriteLineAsync(text);
            return report.Lost.Count > 0 ? ServerRun.WithLosses : ServerRun.Done;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("rave-server: The repair was cancelled before it changed anything.");
            return ServerRun.Failed;
        }
        catch (RaveException failure)
        {
            await Console.Error.WriteLineAsync($"rave-server: {failure.Message}");
            return ServerRun.Failed;
        }
    }

    private static IEnumerable<string> Lines(RepairReport report)
    {
        yield return $"repaired {report.Location}{(report.Lost.Count > 0 ? " with losses" : "")}";
        yield return $"copy {report.Copy}";
        string entries = report.Entries == 1 ? "entry" : "entries";
        string tables = report.Tables == 1 ? "table" : "tables";
        yield return $"kept {report.Entries} {entries} in {report.Tables} {tables}";
        foreach (RepairLoss loss in report.Lost)
        {
            yield return $"lost {(loss.Bytes is { } bytes ? $"{bytes} bytes" : "an unknown number of bytes")}: {loss.Reason}";
        }

        foreach (string file in report.Moved)
        {
            yield return $"moved {Path.Combine(report.MovedTo, file)}";
        }

        if (!report.OrderKnown)
        {
            yield return "unknown order: no readable MANIFEST names the comparator, so the default order of keys was assumed";
        }
    }
}
