namespace Rave.Tests.Peer;

// One end of an operation on one key, as a process writes it down: its call (with Kind), and its return (with Outcome) under the same
// number.
// A call without a return is one whose process was killed. At is the machine's monotonic clock, the same in all processes.
internal sealed record HistoryLine(long Number, long At, string? Key = null, string? Kind = null, string? Value = null,
    string? Expected = null, string? Outcome = null)
{
    internal const string Get = "get";
    internal const string Put = "put";
    internal const string Set = "set";

    internal const string Done = "done";
    internal const string Refused = "refused";
    internal const string Unknown = "unknown";

    // Failed, and surely not applied.
    internal const string Nothing = "nothing";
}
