namespace Rave.Server.Transport;

// How the end of an answer's body is known: by its length, by its last chunk, or by the connection's end where it says neither.
internal sealed class AnswerFraming
{
    internal long? Length { get; set; }

    internal bool IsChunked { get; set; }

    // Whether another request may follow.
    internal bool KeepsAlive { get; set; }
}
