using System.CommandLine;
using System.Text;
using Rave.Cli.Bench;
using Rave.Client;

namespace Rave.Cli;

// The other processes of rave bench: one that leads until it is killed, one that writes, reads and ends, and one that sends back what it
// receives from a socket.
// Users do not type this command, so help does not show it.
internal static class BenchPeerCommand
{
    internal static Command Create()
    {
        Argument<string> role = new("role");
        role.AcceptOnlyFromAmong(BenchProcess.Lead, BenchProcess.Once, BenchProcess.Echo);
        Argument<string> location = RaveCommand.Location();
        Command command = new(BenchProcess.Verb) { role, location };
        command.Hidden = true;
        command.SetAction((line, cancellationToken) => line.GetRequiredValue(role) == BenchProcess.Echo
            ? Task.FromResult(PingPong.Echo(line.GetRequiredValue(location)))
            : RaveCommand.RunAsync(
                line.GetRequiredValue(location),
                create: true,
                line.GetRequiredValue(role) == BenchProcess.Lead ? LeadAsync : UseAsync,
                cancellationToken));
        return command;
    }

    private static async Task<int> LeadAsync(RaveLevel<byte[], byte[]> database, CancellationToken cancellationToken)
    {
        if (!database.IsLeader)
        {
            throw new InputException("Another process already leads this database. The benchmark needs to lead it.");
        }

        await Console.Out.WriteLineAsync(BenchProcess.Lead).ConfigureAwait(false);
        // Standard input closes when the measuring process ends, even if it is killed.
        await Console.In.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static async Task<int> UseAsync(RaveLevel<byte[], byte[]> database, CancellationToken cancellationToken)
    {
        byte[] key = Encoding.UTF8.GetBytes("key0000000000");
        await database.PutAsync(key, new byte[100], cancellationToken: cancellationToken).ConfigureAwait(false);
        byte[]? value = await database.GetAsync(key, cancellationToken: cancellationToken).ConfigureAwait(false);
        return value is null ? ExitCode.NotFound : ExitCode.Done;
    }
}
