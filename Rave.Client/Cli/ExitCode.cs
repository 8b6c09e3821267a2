namespace Rave.Client.Cli;

internal static class ExitCode
{
    internal const int Done = 0;
    internal const int NotFound = 1;
    internal const int Usage = 2;
    internal const int ServiceError = 3;
}
