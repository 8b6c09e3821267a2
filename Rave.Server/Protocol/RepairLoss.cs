namespace Rave.Client;

/// <summary>Something that a repair could not keep. How many entries it held, or whether they were overwritten later, nobody can tell.</summary>
/// <param name="File">The file that it was in.</param>
/// <param name="Bytes">How many bytes of that file, as it is stored; null where that is not known.</param>
/// <param name="Reason">What was wrong, as a sentence that begins with the file.</param>
public sealed record RepairLoss(string File, long? Bytes, string Reason);
