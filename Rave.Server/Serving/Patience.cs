namespace Rave.Server.Serving;

// How long a leader bears with a client that keeps it waiting: what it holds for one is bounded, and so is for how long.
internal sealed record Patience
{
    // From the first byte of a request to the end of its headers.
    internal TimeSpan Headers { get; init; } = TimeSpan.FromSeconds(30);

    // Without a request: longer than clients keep what they do not use (60 s in .NET), so that none sends into a connection that is being closed.
    internal TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(130);

    // A body comes at so many bytes a second on average, from when it has had its grace. A bulk load may take as long as it takes.
    internal double BodyBytesPerSecond { get; init; } = 240;

    internal TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(5);

    // For the next 64 KiB of an answer to be taken: somebody may look at a page of it for a while.
    internal TimeSpan Answer { get; init; } = TimeSpan.FromMinutes(1);
}
