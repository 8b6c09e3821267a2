namespace Rave.Client.Lanes;

// The number of requests in flight, and the most that one request carries.
internal sealed record LaneLimits(int Requests, long RequestBytes, int RequestCount, bool Reads)
{
    // The most that may wait. Further callers are refused at once, so that nobody waits forever.
    internal const int WaitingCallers = 100_000;
    internal const long WaitingBytes = 256L << 20;

    // Larger operations are sent alone, since they would delay the others in their request.
    internal const long SharedBytes = 1 << 20;
}
