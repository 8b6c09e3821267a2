namespace Rave.Client.Lanes;

// How much a lane sends at once.
internal sealed record LaneLimits(int Requests, long RequestBytes, int RequestCount, bool Reads)
{
    // What may wait in all; past either a caller is refused at once instead of queueing for ever.
    internal const int WaitingCallers = 100_000;
    internal const long WaitingBytes = 256L << 20;

    // What is larger travels alone: it would hold up those it shares a request with.
    internal const long SharedBytes = 1 << 20;
}
