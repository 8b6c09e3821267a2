namespace Rave.Cli;

// What the user typed or piped in cannot be used.
internal sealed class InputException(string message) : Exception(message);
