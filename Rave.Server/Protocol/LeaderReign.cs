using System.Text.Json.Serialization;

namespace Rave.Server.Protocol;

// What rave.leader says: who leads, how many before it died as soon as they led, whether it has ended in good order, and the seal on what it left then.
internal sealed record LeaderReign(int Pid, long Epoch, DateTimeOffset Since, string Program, int Crashes = 0, bool Ended = false, SealedFile[]? Seal = null);

// One file of a closed database. The hash is SHA-256, in lower-case hex.
internal sealed record SealedFile([property: JsonRequired] string Name, [property: JsonRequired] long Length, [property: JsonRequired] string Hash);
