using System.CommandLine;
using System.CommandLine.Parsing;
using Rave.Server.Location;
using Rave.Server.Storage;

namespace Rave.Server.Cli;

// The command line of rave-server.
internal static class ServerCommand
{
    internal static Command Create()
    {
        Argument<string> location = Location();
        Option<bool> existing = new("--existing") { Description = "Fail if there is no database, instead of creating one." };
        Option<bool> readOnly = new("--read-only") { Description = "Refuse every write while this process leads; includes --existing." };
        Option<GroupAccess?> group = Group();
        Option<int?> http = HttpPort();
        Option<int?> cacheSize = Number("--cache-size", "MiB", 2047, "A cache size is 0 to 2047 MiB.",
            "LevelDB's cache of decompressed blocks while this process leads; 8 by default.");
        Option<bool> repair = new("--repair")
        {
            Description = "Copy a damaged database that no process has open, rescue what can be read, and end.",
        };
        Option<bool> json = new("--json") { Description = "With --repair: print the result as one JSON object." };
        Option<bool> verbose = new("--verbose")
        {
            Description = "Also log elections and warnings to standard error. Unexpected failures are always logged.",
        };
        // Not a RootCommand: that has the name of the file, and suggestions for shells.
        Command command = new(
            "rave-server",
            """
            Serves one LevelDB database to many processes over a unix socket.

            Prints 'leader <socket>' when this process leads, and 'follower <socket>' when another one leads.
            With --http, a leader also prints 'http <address> token <file>'.
            Exit codes: 0 ended by SIGTERM or SIGINT, 2 wrong usage, 3 waiting cannot help.
            Exit codes of a repair: 0 no loss is known, 2 wrong usage, 3 it could not be done, 4 something was lost.
            """)
        {
            location, existing, readOnly, group, http, cacheSize, repair, json, verbose, StrictArguments.Help(), new VersionOption(),
        };
        command.Validators.Add(result =>
        {
            Option[] serving = [existing, readOnly, group, http, cacheSize];
            if (result.GetResult(repair) is not null && serving.Any(option => result.GetResult(option) is { Implicit: false }))
            {
                result.AddError("--repair serves nothing. Use it without the options for serving.");
            }

            if (result.GetResult(json) is { Implicit: false } && result.GetResult(repair) is null)
            {
                result.AddError("--json needs --repair.");
            }
        });
        command.SetAction((result, cancellationToken) => result.GetValue(repair)
            ? RepairRun.RunAsync(result.GetRequiredValue(location), result.GetValue(json), cancellationToken)
            : ServerRun.RunAsync(
                new(
                    result.GetRequiredValue(location), result.GetValue(existing), result.GetValue(readOnly),
                    result.GetValue(group), result.GetValue(http), result.GetValue(cacheSize), result.GetValue(verbose)),
                cancellationToken));
        return command;
    }

    internal static Option<int?> HttpPort() => Number("--http", "port", ushort.MaxValue, "A port is 0 to 65535.",
        "Also serve on this loopback port, to clients with the token; 0 for any free port.");

    private static Argument<string> Location()
    {
        Argument<string> location = new("location") { Description = "The directory of the database. It is created if it does not exist." };
        location.Validators.Add(StrictArguments.RequireLocation);
        location.Validators.Add(result =>
        {
            // The engines of clusters are in Rave.Etcd, which this program does not reference.
            if (StorageEngines.SchemeOf(result.Tokens[0].Value) is { } scheme)
            {
                result.AddError(
                    $"rave-server serves LevelDB in a directory. For '{scheme}://', use: rave serve <location> --socket <path>");
            }
        });
        return location;
    }

    private static Option<int?> Number(string name, string unit, int max, string error, string description)
    {
        Option<int?> number = new(name) { HelpName = unit, Description = description };
        number.Validators.Add(result =>
        {
            // The parser itself rejects text that is not a number.
            if (result.Tokens is [{ Value: var text }] && long.TryParse(text, out long value) && (value < 0 || value > max))
            {
                result.AddError(error);
            }
        });
        return number;
    }

    private static Option<GroupAccess?> Group() => new("--group")
    {
        HelpName = "name",
        Description = "Also serve the members of this group: they may pass through the directory and use the socket.",
        CustomParser = ReadGroup,
    };

    private static GroupAccess? ReadGroup(ArgumentResult result)
    {
        string name = result.Tokens[0].Value;
        if (OperatingSystem.IsWindows())
        {
            result.AddError("--group needs unix sockets. This system has none.");
            return null;
        }

        GroupAccess? group = GroupAccess.Find(name);
        if (group is null)
        {
            result.AddError($"There is no group '{name}'.");
        }

        return group;
    }
}
