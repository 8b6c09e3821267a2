namespace Rave.Cli;

// Standard output could not be written.
internal sealed class OutputException(IOException cause)
    : IOException($"Standard output could not be written: {cause.Message["write: ".Length..].TrimEnd('.')}.", cause);
