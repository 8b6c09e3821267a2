using Microsoft.Extensions.Logging.Abstractions;
using Rave.Server.Location;
using Rave.Server.Platform;
using Rave.Server.Serving;

namespace Rave.Server.Hosting;

// Options of a process that campaigns for a location.
internal sealed record LeaderOptions
{
    internal LevelDbOptions LevelDb { get; init; } = new();

    internal Limits Limits { get; init; } = new();

    // False for a process that only follows.
    internal bool CanLead { get; init; } = true;

    // Whether a takeover is complete once the database is open, before the server listens. A handle needs no server for its own
    // operations. The first leader of a database always serves before it leads.
    internal bool LeadsBeforeItServes { get; init; }

    // Serves reads and rejects writes.
    internal bool ReadOnly { get; init; }

    // A group whose members are served too, or null.
    internal GroupAccess? Group { get; init; }

    // The loopback port to serve on too: 0 for any free port, null for none.
    internal int? HttpPort { get; init; }

    // Between a failed write and reopening the database. It is kept for all reigns of a campaign: only successful writes reset it.
    internal Backoff Reopening { get; init; } = new(TimeProvider.System, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));

    internal ClientTimeouts ClientTimeouts { get; init; } = new();

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    internal ILogger Logger { get; init; } = NullLogger.Instance;

    // How long requests may take to end when a leader stops. Followers wait as long for the next leader.
    internal TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(3);

    // Limits the connections to half of the file descriptors that this process may open, after some are set aside for its own files
    // (the runtime's assemblies, LevelDB's logs). Neither side may run out of them: LevelDB would fail, and Kestrel would retry the
    // accept in a busy loop.
    internal LeaderOptions WithinFileLimit()
    {
        const double ownFiles = 256;
        const double minimum = 16;
        if (OperatingSystem.IsWindows())
        {
            return this;
        }

        double allowed = Math.Max((Posix.FileLimit - ownFiles) / 2, minimum);
        return this with { Limits = Limits with { Connections = (int)Math.Min(Limits.Connections, allowed) } };
    }
}
