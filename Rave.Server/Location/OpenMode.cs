namespace Rave.Server.Location;

// What becoming the leader may do about a database that is there already, or is not.
internal sealed record OpenMode(bool Create, bool MustBeNew, bool Takeover)
{
    // A takeover never creates: a database that was there a moment ago and has vanished is damage, not a new beginning.
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
            throw new RaveException(ErrorCodes.Corruption, $"The database at '{location.Directory}' has vanished.");
        }
        else if (!Create)
        {
            throw new RaveException(ErrorCodes.DatabaseNotOpen, $"There is no database at '{location.Directory}', and this call does not create one.");
        }
    }

    internal static RaveException AlreadyExists(DatabaseLocation location) =>
        new(ErrorCodes.DatabaseNotOpen, $"There is a database at '{location.Directory}' already, and it was asked to be new.");
}
