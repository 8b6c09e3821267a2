using System.CommandLine;
using System.Text.Json;
using Rave.Client;
using Rave.Server.Cli;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Cli;

// rave status: which process leads, since when, and what it has done. On a cluster: what each member says. JSON in a pipe.
internal static class StatusCommand
{
    internal static Command Create()
    {
        Argument<string> location = RaveCommand.Location();
        Command command = new("status", "Show which process leads and what it has done, or the members of a cluster.") { location };
        command.SetAction((line, cancellationToken) =>
        {
            string typed = line.GetRequiredValue(location);
            return StorageEngines.SchemeOf(typed) is { } scheme
                ? RaveCommand.ReportAsync(() => ShowClusterAsync(scheme, typed, cancellationToken))
                : RaveCommand.RunAsync(typed, create: false, ShowAsync, cancellationToken);
        });
        return command;
    }

    private static async Task<int> ShowAsync(RaveLevel<byte[], byte[]> database, CancellationToken cancellationToken)
    {
        Status status = await database.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        await PrintAsync(status, Describe, cancellationToken).ConfigureAwait(false);
        return ExitCode.Done;
    }

    // Without opening the database: a cluster without a majority has a status too.
    private static async Task<int> ShowClusterAsync(string scheme, string location, CancellationToken cancellationToken)
    {
        Status status = await StorageEngines.StatusAsync(scheme, location, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        await PrintAsync(status, ClusterText.Of, cancellationToken).ConfigureAwait(false);
        return status.Cluster!.Id is not null ? ExitCode.Done
            : await RaveCommand.FailAsync("No member of the cluster answered.", ExitCode.ServiceError).ConfigureAwait(false);
    }

    private static Task PrintAsync(Status status, Func<Status, string> describe, CancellationToken cancellationToken) =>
        RaveCommand.PrintAsync(
            Console.IsOutputRedirected
                ? JsonSerializer.Serialize(status, RaveJson.Legible.Status)
                : TerminalText.Escape(describe(status), keepLines: true),
            cancellationToken);

    private static string Describe(Status status)
    {
        Counters done = status.Counters!;
        return $"""
         location   {status.Location}
         leader     process {status.Leader!.Pid} ({status.Leader.Program}), epoch {status.Leader.Epoch}
         since      {status.Leader.Since.ToLocalTime():yyyy-MM-dd HH:mm:ss zzz}
         versions   RaveLevel {status.Versions["service"]}, LevelDB {status.Versions["levelDb"]}
         on disk    {status.SizeOnDisk:N0} bytes
         done       {done.Gets:N0} gets, {done.Writes:N0} writes, {done.Scans:N0} scans, {done.Clears:N0} clears, {done.Errors:N0} errors
         followers  {done.Followers}
         """;
    }
}
