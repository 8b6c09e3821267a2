namespace Rave.Client;

/// <summary>The result of a repair: what it kept and what it lost.</summary>
/// <param name="Location">The database's directory.</param>
/// <param name="Copy">The directory with the files as they were before. Delete it when the repaired database is fine.</param>
/// <param name="Tables">The number of tables after the repair.</param>
/// <param name="Entries">The number of entries after the repair. All of them were read.</param>
/// <param name="Lost">The losses, as far as the files show them. Empty if no loss is known.</param>
/// <param name="Moved">
/// The names of the files that no longer belong to the database. Logs and MANIFESTs are always among them: their contents were
/// written to new files.
/// </param>
/// <param name="MovedTo">The directory with these files.</param>
/// <param name="OrderKnown">
/// Whether a MANIFEST named the order of the keys. If not, LevelDB's default order was assumed. A database with another
/// comparator is then not correct.
/// </param>
public sealed record RepairReport(
    string Location, string Copy, int Tables, long Entries,
    IReadOnlyList<RepairLoss> Lost, IReadOnlyList<string> Moved, string MovedTo, bool OrderKnown);
