namespace Rave.Server.Contracts;

// What rave.leader says: who leads, how many before it died as soon as they led, whether it has ended in good order, and the seal on what it left then.
internal sealed record LeaderReign(int Pid, long Epoch, DateTimeOffset Since, string Program, int Crashes = 0, bool Ended = false, string? Manifest = null);
