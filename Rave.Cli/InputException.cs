namespace Rave.Cli;

// The arguments or standard input cannot be used.
internal sealed class InputException(string message) : Exception(message);
