using System.Text.Json.Serialization;

namespace Rave.Server.Protocol;

// The contents of rave.leader. Crashes counts the leaders in a row before this one that died right after they started.
// Ended and Seal are set when a leader stops normally.
internal sealed record LeaderReign(
    int Pid, long Epoch, DateTimeOffset Since, string Program, int Crashes = 0, bool Ended = false, SealedFile[]? Seal = null);

// One file of a closed database. The hash is SHA-256, in lower-case hex.
internal sealed record SealedFile(
    [property: JsonRequired] string Name, [property: JsonRequired] long Length, [property: JsonRequired] string Hash);
