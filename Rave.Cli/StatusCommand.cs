using System.CommandLine;
using System.Text.Json;
using Rave.Client;
using Rave.Server.Cli;
using Rave.Server.Protocol;

namespace Rave.Cli;

// rave status: who leads, since when, how much it has done; JSON when piped.
internal static class StatusCommand
{
    internal static Command Create()
    {
        Argument<string> location = RaveCommand.Location();
        Command command = new("status", "Show who leads and what it has done.") { location };
        command.SetAction((line, cancellationToken) => RaveCommand.RunAsync(line.GetRequiredValue(location), create: false, ShowAsync, cancellationToken));
        return command;
    }

    private static async Task<int> ShowAsync(RaveLevel<byte[], byte[]> database, CancellationToken cancellationToken)
    {
        Status status = await database.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        string text = Console.IsOutputRedirected ? JsonSerializer.Serialize(status, RaveJson.Legible.Status) : Visible.Of(Describe(status), keepLines: true);
        await RaveCommand.PrintAsync(text, cancellationToken).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static string Describe(Status status) =>
        $"""
         location   {status.Location}
         leader     process {status.Leader!.Pid} ({status.Leader.Program}), epoch {status.Leader.Epoch}
         since      {status.Leader.Since.ToLocalTime():yyyy-MM-dd HH:mm:ss zzz}
         versions   RaveLevel {status.Versions["service"]}, LevelDB {status.Versions["levelDb"]}
         on disk    {status.SizeOnDisk:N0} bytes
         done       {status.Counters.Gets:N0} gets, {status.Counters.Writes:N0} writes, {status.Counters.Scans:N0} scans, {status.Counters.Clears:N0} clears, {status.Counters.Errors:N0} errors
         followers  {status.Counters.Followers}
         """;
}
