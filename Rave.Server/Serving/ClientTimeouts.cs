namespace Rave.Server.Serving;

// How long a leader waits for a slow client before it cuts the connection.
internal sealed record ClientTimeouts
{
    // From the first byte of a request to the end of its headers.
    internal TimeSpan Headers { get; init; } = TimeSpan.FromSeconds(30);

    // Between two requests. Clients close unused connections earlier (.NET after 60 s), so none sends into a connection that is closing.
    internal TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(130);

    // The least average rate of a body, measured after the grace period. A bulk load has no such limit.
    internal double BodyBytesPerSecond { get; init; } = 240;

    internal TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(5);

    // For each 64 KiB of an answer: a person may read it page by page.
    internal TimeSpan Answer { get; init; } = TimeSpan.FromMinutes(1);
}
