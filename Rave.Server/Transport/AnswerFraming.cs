namespace Rave.Server.Transport;

// How the end of an answer's body is found: by its length, by the last chunk, or by the end of the connection.
internal sealed class AnswerFraming
{
    internal long? Length { get; set; }

    internal bool IsChunked { get; set; }

    // True if another request may follow on the connection.
    internal bool KeepsAlive { get; set; }
}
