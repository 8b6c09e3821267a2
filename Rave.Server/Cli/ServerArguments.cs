using Rave.Server.Location;

namespace Rave.Server.Cli;

// What rave-server was told on its command line.
internal sealed record ServerArguments(string Location, bool Existing, bool ReadOnly, GroupAccess? Group, int? HttpPort, int? CacheMegabytes, bool Verbose)
{
    // Who only reads makes nothing.
    internal bool Create => !Existing && !ReadOnly;
}
