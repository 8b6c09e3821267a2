namespace Rave.Cli;

// What was to be printed could not be.
internal sealed class OutputException(IOException cause) : IOException($"Standard output could not be written: {cause.Message["write: ".Length..].TrimEnd('.')}.", cause);
