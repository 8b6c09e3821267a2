namespace Rave.Cli.Bench;

// A run that measured something else than it should: its figures are not worth printing.
internal sealed class BenchException(string message) : Exception(message);
