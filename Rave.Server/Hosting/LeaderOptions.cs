using Microsoft.Extensions.Logging.Abstractions;
using Rave.Server.Location;
using Rave.Server.Platform;
using Rave.Server.Serving;

namespace Rave.Server.Hosting;

// What a process brings along when it campaigns for a location.
internal sealed record LeaderOptions
{
    internal LevelDbOptions LevelDb { get; init; } = new();

    internal Limits Limits { get; init; } = new();

    // False for a process that only ever follows.
    internal bool CanLead { get; init; } = true;

    // Whether it leads as soon as its database is open, where it takes over: a handle's own operations need no server. Whoever opens the first time
    // finds the socket there.
    internal bool LeadsBeforeItServes { get; init; }

    // Serves reads and refuses writes.
    internal bool ReadOnly { get; init; }

    // Whose members are served besides; null for nobody.
    internal GroupAccess? Group { get; init; }

    // The loopback port to serve on as well, 0 for any; null for none, which is the rule.
    internal int? HttpPort { get; init; }

    // Between a failed write and opening the database anew. It lasts from one reign of a campaign to the next: only good writes reset it.
    internal Backoff Reopening { get; init; } = new(TimeProvider.System, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));

    internal ClientTimeouts ClientTimeouts { get; init; } = new();

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    internal ILogger Logger { get; init; } = NullLogger.Instance;

    // How long requests may take to end once a leader stops; followers wait as long for the next one.
    internal TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(3);

    // With no more connections than half of the files that this process may open beside its own (the runtime's assemblies, LevelDB's logs):
    // neither must ever be short of them, and an accept that fails for that spins.
    internal LeaderOptions WithinFileLimit()
    {
        const double own = 256;
        const double least = 16;
        return OperatingSystem.IsWindows()
            ? this
            : this with { Limits = Limits with { Connections = (int)Math.Min(Limits.Connections, Math.Max((Posix.FileLimit - own) / 2, least)) } };
    }
}
