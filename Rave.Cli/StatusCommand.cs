using System.CommandLine;
using System.Text.Json;
using Rave.Client;
using Rave.Server.Cli;
using Rave.Server.Protocol;

namespace Rave.Cli;

// rave status: which process leads, since when, and what it has done. JSON in a pipe.
internal static class StatusCommand
{
    internal static Command Create()
    {
        Argument<string> location = RaveCommand.Location();
        Command command = new("status", "Show which process leads and what it has done.") { location };
        command.SetAction((line, cancellationToken) =>
            RaveCommand.RunAsync(line.GetRequiredValue(location), create: false, ShowAsync, cancellationToken));
        return command;
    }

    private static async Task<int> ShowAsync(RaveLevel<byte[], byte[]> database, CancellationToken cancellationToken)
    {
        Status status = await database.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        string text = Console.IsOutputRedirected
            ? JsonSerializer.Serialize(status, RaveJson.Legible.Status)
            : TerminalText.Escape(Describe(status), keepLines: true);
        await RaveCommand.PrintAsync(text, cancellationToken).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static string Describe(Status status)
    {
        Counters done = status.Counters;
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
