using Rave.Server.Engine;
using Rave.Server.Storage;

namespace Rave.Server.Metrics;

// All figures except the histogram of requests. Both the Meter and the text for Prometheus are made from this table.
internal static class MetricTable
{
    internal static readonly IReadOnlyList<Metric> All =
    [
        new(
            "rave.operations", MetricKind.Counter, "{operation}",
            "Operations since this leader began, with those of its own program.",
            Operations),
        new(
            "rave.errors", MetricKind.Counter, "{error}",
            "Requests that were answered with a problem, by code.",
            leader => leader.Requests.Errors.Select(error => new Sample(error.Count, "code", error.Code))),
        new(
            "rave.followers", MetricKind.Gauge, "{process}",
            "Peers that follow this leader.",
            leader => leader.Leader is null ? [] : [new(leader.Followers)]),
        new(
            "rave.subscribers", MetricKind.Gauge, "{subscriber}",
            "Open change feeds.",
            leader => [new(leader.Store.Figures().Subscribers)]),
        new(
            "rave.snapshots", MetricKind.Gauge, "{snapshot}",
            "Snapshots that clients hold.",
            leader => [new(leader.Store.Figures().Snapshots)]),
        new(
            "rave.elections", MetricKind.Counter, "{election}",
            "How often this process became the leader of this location.",
            leader => leader.Leader is null ? [] : [new(leader.Elections)]),
        new(
            "rave.uptime", MetricKind.Gauge, "s",
            "How long this leader has led, or this gateway has served.",
            leader => [new(leader.Uptime.TotalSeconds)]),
        new(
            "rave.leader.epoch", MetricKind.Gauge, "",
            "The number of the present leader; it grows with every leader of the location.",
            leader => leader.Leader is { } info ? [new(info.Epoch)] : []),
        new(
            "rave.write_queue.depth", MetricKind.Gauge, "{write}",
            "Writes that wait for the running write.",
            leader => [new(leader.Store.Figures().WaitingWrites)]),
        new(
            "rave.leveldb.files", MetricKind.Gauge, "{file}",
            "LevelDB's table files, by level.",
            leader => Levels(leader).Select(level => Of(level, level.Files))),
        new(
            "rave.leveldb.size", MetricKind.Gauge, "By",
            "Bytes in LevelDB's table files, by level; LevelDB reports whole megabytes.",
            leader => Levels(leader).Select(level => Of(level, level.Bytes))),
        new(
            "rave.leveldb.memory.usage", MetricKind.Gauge, "By",
            "The approximate memory use that LevelDB reports.",
            leader => leader.Store is LevelStore store ? [new(store.MemoryBytes())] : []),
    ];

    private static IEnumerable<Sample> Operations(LeaderMetrics leader)
    {
        StoreFigures figures = leader.Store.Figures();
        return
        [
            new(figures.Gets, "operation", "get"), new(figures.Writes, "operation", "write"),
            new(figures.Scans, "operation", "scan"), new(figures.Clears, "operation", "clear"),
        ];
    }

    // Only LevelDB has levels.
    private static LevelFigures[] Levels(LeaderMetrics leader) => leader.Store is LevelStore store ? store.Levels() : [];

    private static Sample Of(LevelFigures level, long value) =>
        new(value, "level", level.Level.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
