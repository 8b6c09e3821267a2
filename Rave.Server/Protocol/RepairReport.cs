namespace Rave.Client;

/// <summary>What a repair kept of a database, and what it could not.</summary>
/// <param name="Location">The database's directory.</param>
/// <param name="Copy">The directory with the files as they were before. Delete it once the database has turned out well.</param>
/// <param name="Tables">How many tables the database has now.</param>
/// <param name="Entries">How many entries it has now; all of them were read.</param>
/// <param name="Lost">What could not be kept, as far as the files tell; empty where nothing is known to be lost.</param>
/// <param name="Moved">The files that are not part of the database any more, by name. Logs and MANIFESTs always are among them: what they held was written anew.</param>
/// <param name="MovedTo">The directory where these are.</param>
/// <param name="OrderKnown">
/// Whether a MANIFEST could be read that names the order of the keys. Where not, LevelDB's usual order was assumed, and a database that was made with another comparator is not right.
/// </param>
public sealed record RepairReport(
    string Location, string Copy, int Tables, long Entries, IReadOnlyList<RepairLoss> Lost, IReadOnlyList<string> Moved, string MovedTo, bool OrderKnown);
