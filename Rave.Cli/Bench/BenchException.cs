namespace Rave.Cli.Bench;

// A run failed, or measured something other than intended. Its figures are not printed.
internal sealed class BenchException(string message) : Exception(message);
