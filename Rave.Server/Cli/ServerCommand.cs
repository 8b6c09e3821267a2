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
        Option<int?> http = new("--http") { HelpName = "port", Description = "Also serve on this port of the loopback interface, to who has the token; 0 takes any free one." };
        http.Validators.Add(result =>
        {
            // What is no number is refused by the parser itself.
            if (result.Tokens is [{ Value: var text }] && long.TryParse(text, out long port) && port is < 0 or > ushort.MaxValue)
            {
                result.AddError("A port is 0 to 65535.");
            }
        });
        RootCommand command = new(
            """
            Serves one LevelDB database to many processes over a unix socket.

            Prints 'leader <socket>' when this process leads and 'follower <socket>' while another one does,
            and with --http a leader prints 'http <address> token <file>' too.
            Ends with 0 when asked to (SIGTERM, SIGINT), with 2 on wrong usage, and with 3 where waiting cannot help.
            """)
        {
            location, existing, http, verbose,
        };
        command.SetAction((result, cancellationToken) => ServerRun.RunAsync(
            result.GetRequiredValue(location), create: !result.GetValue(existing), result.GetValue(http), result.GetValue(verbose), cancellationToken));
        return command;
    }
}
