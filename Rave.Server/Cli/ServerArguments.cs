using Rave.Server.Location;

namespace Rave.Server.Cli;

// The arguments of rave-server.
internal sealed record ServerArguments(
    string Location, bool Existing, bool ReadOnly, GroupAccess? Group, int? HttpPort, int? CacheMegabytes, bool Verbose)
{
    // A server that only reads creates no database.
    internal bool Create => !Existing && !ReadOnly;
}
