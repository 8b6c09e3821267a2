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
        Option<bool> existing = new("--existing") { Description = "Fail where there is no database instead of creating one." };
        Option<bool> readOnly = new("--read-only") { Description = "Refuse writes while this process leads; implies --existing." };
        Option<GroupAccess?> group = Group();
        Option<int?> http = HttpPort();
        Option<int?> cacheSize = Number("--cache-size", "MiB", 2047, "A cache size is 0 to 2047 MiB.",
            "LevelDB's cache of decompressed blocks while this process leads; 8 by default.");
        Option<bool> repair = new("--repair") { Description = "Rescue what can be read of a damaged database that nobody has open, and end. What it was is copied first." };
        Option<bool> json = new("--json") { Description = "With --repair: tell the outcome as one JSON object." };
        Option<bool> verbose = new("--verbose") { Description = "Log elections and warnings too to standard error; without it, only what failed unexpectedly." };
        // No root command, which would call itself after the file and suggest to shells.
        Command command = new(
            "rave-server",
            """
            Serves one LevelDB database to many processes over a unix socket.

            Prints 'leader <socket>' when this process leads and 'follower <socket>' while another one does,
            and with --http a leader prints 'http <address> token <file>' too.
            Ends with 0 when asked to (SIGTERM, SIGINT), with 2 on wrong usage, and with 3 where waiting cannot help.
            A repair ends with 0 where all was kept, as far as can be told, and with 4 where something was lost.
            """)
        {
            location, existing, readOnly, group, http, cacheSize, repair, json, verbose, TypedWords.Help(), new VersionOption(),
        };
        command.Validators.Add(result =>
        {
            Option[] serving = [existing, readOnly, group, http, cacheSize];
            if (result.GetResult(repair) is not null && serving.Any(option => result.GetResult(option) is { Implicit: false }))
            {
                result.AddError("--repair serves nothing: give it alone.");
            }

            if (result.GetResult(json) is { Implicit: false } && result.GetResult(repair) is null)
            {
                result.AddError("--json is for --repair.");
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
        "Also serve on this port of the loopback interface, to who has the token; 0 takes any free one.");

    private static Argument<string> Location()
    {
        Argument<string> location = new("location") { Description = "The database's directory; made if there is none." };
        location.Validators.Add(TypedWords.RefuseEmpty);
        location.Validators.Add(result =>
        {
            // The engines of clusters are in a library that uses this one.
            if (StorageEngines.SchemeOf(result.Tokens[0].Value) is { } scheme)
            {
                result.AddError($"rave-server serves LevelDB in a directory. For '{scheme}://', use: rave serve <location> --socket <path>");
            }
        });
        return location;
    }

    private static Option<int?> Number(string name, string unit, int most, string refusal, string description)
    {
        Option<int?> number = new(name) { HelpName = unit, Description = description };
        number.Validators.Add(result =>
        {
            // What is no number is refused by the parser itself.
            if (result.Tokens is [{ Value: var text }] && long.TryParse(text, out long value) && (value < 0 || value > most))
            {
                result.AddError(refusal);
            }
        });
        return number;
    }

    private static Option<GroupAccess?> Group() => new("--group")
    {
        HelpName = "name",
        Description = "Also serve the members of this group: opens the directory (search) and the socket to them.",
        CustomParser = ReadGroup,
    };

    private static GroupAccess? ReadGroup(ArgumentResult result)
    {
        string name = result.Tokens[0].Value;
        if (OperatingSystem.IsWindows())
        {
            result.AddError("--group needs unix sockets; there are none here.");
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
