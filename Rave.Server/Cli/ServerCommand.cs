using System.CommandLine;

namespace Rave.Server.Cli;

// The command line of rave-server.
internal static class ServerCommand
{
    internal static RootCommand Create()
    {
        Argument<string> location = new("location") { Description = "The database's directory; made if there is none." };
        location.Validators.Add(result =>
        {
            // An empty variable in a script: the current folder is surely not meant.
            if (result.GetValueOrDefault<string>() is "")
            {
                result.AddError("The location is empty.");
            }
        });
        Option<bool> existing = new("--existing") { Description = "Fail where there is no database instead of creating one." };
        Option<bool> verbose = new("--verbose") { Description = "Log elections and failures to standard error." };
        RootCommand command = new(
            """
            Serves one LevelDB database to many processes over a unix socket.

            Prints 'leader <socket>' when this process leads and 'follower <socket>' while another one does.
            Ends with 0 when asked to (SIGTERM, SIGINT), with 2 on wrong usage, and with 3 where waiting cannot help.
            """)
        {
            location, existing, verbose,
        };
        command.SetAction((result, cancellationToken) => ServerRun.RunAsync(
            result.GetRequiredValue(location), create: !result.GetValue(existing), result.GetValue(verbose), cancellationToken));
        return command;
    }
}
