using Rave.Server.LevelDb;
using Rave.Server.Protocol;

namespace Rave.Server.Engine;

// A precondition of a write, on one key.
internal sealed record Check(byte[] Key, Precondition Precondition)
{
    internal bool Holds(LevelDatabase database) => Precondition.Holds(ETagIn(database));

    private string? ETagIn(LevelDatabase database)
    {
        if (Precondition.Tags is null)
        {
            // Which value it is does not matter, so it is not read.
            return database.Has(Key) ? "" : null;
        }

        return database.Get(Key) is { } value ? ETag.Of(value) : null;
    }
}
