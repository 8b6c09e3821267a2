using System.Text.Json;
using Rave.Server.Location;
using Rave.Server.Protocol;

namespace Rave.Server.Cli;

// One run of rave-server --repair: rescues what can be read of a database that nobody has open, keeps what it was, tells what became of it, and ends.
internal static class RepairRun
{
    internal static async Task<int> RunAsync(string path, bool json, CancellationToken cancellationToken)
    {
        try
        {
            RepairReport report = await Task.Run(() => ClosedDatabase.Repair(path, new(), TimeProvider.System.GetUtcNow(), cancellationToken), cancellationToken);
            await Console.Out.WriteLineAsync(json ? JsonSerializer.Serialize(report, RaveJson.Legible.RepairReport) : string.Join('\n', Lines(report)));
            return report.Lost.Count > 0 ? ServerRun.WithLosses : ServerRun.Done;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("rave-server: The repair was given up before it changed anything.");
            return ServerRun.Hopeless;
        }
        catch (RaveException failure)
        {
            await Console.Error.WriteLineAsync($"rave-server: {failure.Message}");
            return ServerRun.Hopeless;
        }
    }

    private static IEnumerable<string> Lines(RepairReport report)
    {
        yield return $"repaired {report.Location}{(report.Lost.Count > 0 ? " with losses" : "")}";
        yield return $"copy {report.Copy}";
        yield return $"kept {report.Entries} {(report.Entries == 1 ? "entry" : "entries")} in {report.Tables} {(report.Tables == 1 ? "table" : "tables")}";
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
            yield return "unknown order: no MANIFEST could be read that names the comparator, so the usual order of keys was assumed";
        }
    }
}
