using System.CommandLine;
using Microsoft.Extensions.Logging;
using Rave.Server.Cli;
using Rave.Server.Gateways;
using Rave.Server.Hosting;
using Rave.Server.Storage;

namespace Rave.Cli;

// rave serve: a gateway, so that curl and REST tools use a database on a cluster.
internal static class ServeCommand
{
    internal const string Verb = "serve";

    // As long as a handle's, by default.
    private static readonly TimeSpan OperationTimeout = TimeSpan.FromSeconds(30);

    internal static Command Create()
    {
        Argument<string> location = new("location") { Description = "The database on a cluster: etcd://h1,h2,h3/app" };
        location.Validators.Add(result =>
        {
            if (StorageEngines.SchemeOf(result.Tokens[0].Value) is null)
            {
                result.AddError("The location is not on a cluster. To serve a directory, use rave-server.");
            }
        });
        Option<string> socket = new("--socket") { Required = true, HelpName = "path", Description = "The unix socket to serve on." };
        Option<int?> http = ServerCommand.HttpPort();
        Option<bool> existing = new("--existing") { Description = "Fail if there is no database, instead of creating one." };
        Option<bool> verbose = new("--verbose") { Description = "Also log warnings to standard error." };
        Command command = new(
            Verb,
            """
            Serve a database on a cluster over HTTP. Any number of these gateways serve one database.
            Prints 'gateway <socket>' when it serves, and with --http also 'http <address> token <file>'.
            Ends with 0 when asked to (SIGTERM, SIGINT).
            """)
        {
            location, socket, http, existing, verbose,
        };
        command.SetAction((line, cancellationToken) => RaveCommand.ReportAsync(async () =>
        {
            using ConsoleLog log = new(line.GetValue(verbose) ? LogLevel.Information : LogLevel.Error);
            EngineOptions engine = new(
                !line.GetValue(existing), ErrorIfExists: false, OpenTimeout: OperationTimeout, OperationTimeout, TimeProvider.System);
            LeaderOptions options = new() { Logger = log, HttpPort = line.GetValue(http) };
            return await RunAsync(line.GetRequiredValue(location), line.GetRequiredValue(socket), engine, options, cancellationToken)
                .ConfigureAwait(false);
        }));
        return command;
    }

    private static async Task<int> RunAsync(
        string location, string socket, EngineOptions engine, LeaderOptions options, CancellationToken cancellationToken)
    {
        try
        {
            Gateway gateway = await Gateway.StartAsync(location, socket, engine, options, cancellationToken).ConfigureAwait(false);
            await using (gateway.ConfigureAwait(false))
            {
                await RaveCommand.PrintAsync($"gateway {gateway.SocketPath}", cancellationToken).ConfigureAwait(false);
                if (gateway.Loopback is { } loopback)
                {
                    string http = $"http {loopback.Port.Url} token {loopback.TokenPath}";
                    await RaveCommand.PrintAsync(http, cancellationToken).ConfigureAwait(false);
                }

                await gateway.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // SIGTERM or SIGINT.
        }

        return ExitCode.Done;
    }
}
