namespace Rave.Client;

/// <summary>Data that a repair lost. It is not known how many entries it had, or whether they were overwritten later.</summary>
/// <param name="File">The file with the data.</param>
/// <param name="Bytes">How many bytes of the file, as stored; null if that is not known.</param>
/// <param name="Reason">The cause, as a sentence that begins with the file.</param>
public sealed record RepairLoss(string File, long? Bytes, string Reason);
