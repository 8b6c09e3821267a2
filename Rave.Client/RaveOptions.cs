using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Rave.Client;

/// <summary>How a handle takes part, and how LevelDB stores its files while it leads.</summary>
public sealed record RaveOptions : LevelDbOptions
{
    /// <summary>The options of a handle that was given none.</summary>
    public static RaveOptions Default { get; } = new();

    /// <summary>Whether this handle may lead. One that may not needs another process that does. Defaults to <see langword="true"/>.</summary>
    public bool CanLead { get; init; } = true;

    /// <summary>
    /// Whether operations whose leader was lost are sent again to the next one. Without it they fail with <c>LEVEL_CONNECTION_LOST</c>.
    /// Operations that never reached a leader are always sent again. Defaults to <see langword="true"/>.
    /// </summary>
    public bool Retry { get; init; } = true;

    /// <summary>
    /// Whether a write that is sent again is applied once all the same: each one carries a key, under which the leader keeps what became of it, in the write itself.
    /// Without it a write whose leader was lost may be applied twice, and a condition may fail because of the first time. Defaults to <see langword="true"/>.
    /// </summary>
    public bool ExactlyOnce { get; init; } = true;

    /// <summary>How many leaders one operation may lose before it fails: a request that kills its leader must not kill them all. Defaults to 3.</summary>
    public int MaxLeadersLost { get; init; } = 3;

    /// <summary>How long an operation may take, waits for a new leader included. Of a clear: one wait for a leader. More than nothing, at most 24 days. Defaults to 30 seconds.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long opening may take until this handle leads or follows. More than nothing, at most 24 days. Defaults to 30 seconds.</summary>
    public TimeSpan OpenTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What a leader allows one request. Defaults to <see cref="Limits"/>'s own.</summary>
    public Limits Limits { get; init; } = new();

    /// <summary>Where elections, lost leaders and failing subscribers are logged. Defaults to nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>
    /// Called with <see cref="LevelStatus.Opening"/>, <see cref="LevelStatus.Open"/>, <see cref="LevelStatus.Closing"/> and <see cref="LevelStatus.Closed"/>
    /// as they begin; the first two before there is a handle to subscribe to. What it throws is logged. Defaults to nobody.
    /// </summary>
    public Action<LevelStatus>? StatusChanged { get; init; }

    /// <summary>The clock for timeouts. Defaults to the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    // Around the connection to the leader: tests lose answers there.
    internal Func<HttpMessageHandler, HttpMessageHandler>? Wire { get; init; }

    internal ILogger CreateLogger() => LoggerFactory?.CreateLogger("RaveLevel") ?? NullLogger.Instance;
}
