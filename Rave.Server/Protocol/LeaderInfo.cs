namespace Rave.Client;

/// <summary>Who leads a location.</summary>
/// <param name="Pid">Its process id.</param>
/// <param name="Epoch">Grows with every leader of the location; in milliseconds since 1970 where clocks agree.</param>
/// <param name="Since">When it began to lead.</param>
/// <param name="Program">The name of its program.</param>
public sealed record LeaderInfo(int Pid, long Epoch, DateTimeOffset Since, string Program);
