namespace Rave.Server.Location;

// Whether a new leader may create the database, or must.
internal sealed record OpenMode(bool Create, bool MustBeNew, bool Takeover)
{
    // A takeover never creates a database: if it has disappeared, that is damage.
    internal static readonly OpenMode TakeOver = new(Create: false, MustBeNew: false, Takeover: true);

    internal void Check(DatabaseLocation location)
    {
        if (location.HasDatabase)
        {
            if (MustBeNew)
            {
                throw AlreadyExists(location);
            }
        }
        else if (Takeover)
        {
            throw new RaveException(
                ErrorCodes.Corruption,
                $"The database at '{location.Directory}' has vanished. Restore a backup, or open it again to create a new one.");
        }
        else if (!Create)
        {
            throw new RaveException(ErrorCodes.DatabaseNotOpen, NoDatabase(location.Directory));
        }
    }

    internal static string NoDatabase(string path) =>
        $"There is no database at '{path}', and it may not be created here. Check the path, or allow creating it.";

    internal static RaveException AlreadyExists(DatabaseLocation location) => new(
        ErrorCodes.DatabaseNotOpen, $"A database already exists at '{location.Directory}', but a new one is required. Use another path.");
}
