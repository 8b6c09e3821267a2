using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Rave.Client;

/// <summary>Options of a handle, and of LevelDB while the handle leads.</summary>
/// <remarks>A handle copies its options when it opens. Later changes of the object have no effect on it.</remarks>
public sealed record RaveOptions : LevelDbOptions
{
    /// <summary>
    /// Gets or sets whether this handle may lead. If not, another process must lead. The default is <see langword="true"/>.
    /// </summary>
    public bool CanLead { get; set; } = true;

    /// <summary>
    /// Gets or sets whether an operation whose leader was lost is sent again to the next leader. If not, it fails with
    /// <c>LEVEL_CONNECTION_LOST</c>. An operation that has not reached a leader is always sent again. The default is
    /// <see langword="true"/>.
    /// </summary>
    public bool Retry { get; set; } = true;

    /// <summary>
    /// Gets or sets whether a write that is sent again is applied only once. Each write then has a number, and the leader stores its
    /// outcome together with the write. If not, a write whose leader was lost may be applied twice, and a condition may fail because the
    /// first attempt was applied. The default is <see langword="true"/>.
    /// </summary>
    public bool ExactlyOnce { get; set; } = true;

    /// <summary>
    /// Gets or sets how many leaders one operation may lose before it fails, so that a request that kills its leader does not kill all of
    /// them. At least 1. The default is 3.
    /// </summary>
    public int MaxLeadersLost { get; set; } = 3;

    /// <summary>
    /// Gets or sets how long an operation may take, including waits for a new leader. For a clear, it limits each wait for a leader.
    /// More than zero, at most 24 days. The default is 30 seconds.
    /// </summary>
    public TimeSpan OperationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how long opening may take. More than zero, at most 24 days. The default is 30 seconds.</summary>
    public TimeSpan OpenTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets what the leader allows. Used while this handle leads.</summary>
    public Limits Limits { get; set; } = new();

    /// <summary>
    /// Gets or sets the factory of the logger for elections, lost leaders and failing subscribers. The default is <see langword="null"/>:
    /// nothing is logged. In a host, the default is the host's logger factory.
    /// </summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>
    /// Gets or sets the clock for timeouts. The default is the system's clock. In a host, it is the host's
    /// <see cref="System.TimeProvider"/>, if any.
    /// </summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    // Wraps the connection to the leader. Tests lose answers there.
    internal Func<HttpMessageHandler, HttpMessageHandler>? Wire { get; set; }

    internal ILogger CreateLogger() => LoggerFactory?.CreateLogger("RaveLevel") ?? NullLogger.Instance;
}
