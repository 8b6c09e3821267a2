namespace Rave.Cli;

internal static class ExitCode
{
    internal const int Done = 0;
    internal const int NotFound = 1;
    internal const int Usage = 2;
    internal const int ServiceError = 3;

    // A copy was written, but source and target are not equal.
    internal const int Different = 4;

    // What a shell reports for a program that was ended by SIGINT or SIGPIPE.
    internal const int Interrupted = 128 + 2;
    internal const int BrokenPipe = 128 + 13;
}
