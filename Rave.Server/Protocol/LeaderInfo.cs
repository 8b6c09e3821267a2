namespace Rave.Client;

/// <summary>The process that leads a location.</summary>
/// <param name="Pid">Its process id.</param>
/// <param name="Epoch">
/// A number that grows with every leader of the location. Usually the milliseconds from 1970 to the start of this leader.
/// </param>
/// <param name="Since">When it started to lead.</param>
/// <param name="Program">The name of its program.</param>
public sealed record LeaderInfo(int Pid, long Epoch, DateTimeOffset Since, string Program);
