using Rave.Server.Protocol;

namespace Rave.Server.Results;

// Turns failures into HTTP: a status for every code, and problem details (RFC 9457) for every failure.
internal static class Problems
{
    internal static ProblemResult NotFound(ReadOnlySpan<byte> key) =>
        Of(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"There is no entry with the key {KeyText.Of(key)}.");

    internal static ProblemResult From(RaveException failure)
    {
        string code = CodeOf(failure);
        return new(Details(StatusOf(code, failure), code, failure.Message) with { Deleted = failure.Deleted });
    }

    // A failed bulk load: how many lines were written before, and the number of the line if a line was wrong.
    internal static ProblemResult FromLoad(RaveException failure, long written, long? line)
    {
        string code = CodeOf(failure, wasExecuted: written > 0);
        string detail = line is null
            ? $"{failure.Message} {written} lines were written before the failure."
            : $"Line {line}: {failure.Message} {written} lines before it were written.";
        return new(Details(StatusOf(code, failure), code, detail) with { Line = line, Written = written });
    }

    // Failures that Kestrel found while a body was read.
    internal static ProblemResult From(BadHttpRequestException failure) => failure.StatusCode == StatusCodes.Status413PayloadTooLarge
        ? Of(failure.StatusCode, ErrorCodes.TooLarge, "The body is larger than this service accepts. See limits in /v1/status.")
        : Of(failure.StatusCode, ErrorCodes.InvalidRequest, failure.Message);

    // Statuses that routing sets without a body.
    internal static ProblemResult FromStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => Of(
            status, ErrorCodes.NotFound, "There is nothing at this path. Paths must be spelled exactly as in the documentation."),
        StatusCodes.Status405MethodNotAllowed => Of(
            status, ErrorCodes.InvalidRequest, "This path does not support that method. The Allow header lists the supported methods."),
        _ => Of(status, ErrorCodes.InvalidRequest, "The request was rejected."),
    };

    internal static ProblemResult Unexpected() =>
        Of(StatusCodes.Status500InternalServerError, ErrorCodes.IoError, "The service failed unexpectedly. See its log for details.");

    internal static ProblemResult Of(int status, string code, string detail) => new(Details(status, code, detail));

    internal static Problem Details(int status, string code, string detail) =>
        new(Problem.BlankType, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), status, detail, code);

    // The codes of a 503 say that nothing was executed. A cluster that does not answer is the gateway's matter.
    internal static string CodeOf(RaveException failure, bool wasExecuted = false) => failure.Code switch
    {
        ErrorCodes.ConnectionLost or ErrorCodes.DatabaseNotOpen or ErrorCodes.Overloaded
            when wasExecuted || failure.MayHaveBeenApplied => ErrorCodes.IoError,
        ErrorCodes.ConnectionLost => ErrorCodes.DatabaseNotOpen,
        _ => failure.Code,
    };

    private static int StatusOf(string code, RaveException failure) => code switch
    {
        ErrorCodes.Forbidden or ErrorCodes.ReadOnly => StatusCodes.Status403Forbidden,
        ErrorCodes.NotFound => StatusCodes.Status404NotFound,
        ErrorCodes.StaleRetry => StatusCodes.Status409Conflict,
        ErrorCodes.SnapshotNotOpen => StatusCodes.Status410Gone,
        ErrorCodes.PreconditionFailed => StatusCodes.Status412PreconditionFailed,
        ErrorCodes.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorCodes.TooMany => StatusCodes.Status429TooManyRequests,
        ErrorCodes.DecodeError => StatusCodes.Status422UnprocessableEntity,
        ErrorCodes.IoError when failure.DiskFull => StatusCodes.Status507InsufficientStorage,
        ErrorCodes.Corruption or ErrorCodes.IoError => StatusCodes.Status500InternalServerError,
        ErrorCodes.NotSupported => StatusCodes.Status501NotImplemented,
        ErrorCodes.DatabaseNotOpen or ErrorCodes.Overloaded => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };
}
