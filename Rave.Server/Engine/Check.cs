using Rave.Server.LevelDb;
using Rave.Server.Protocol;

namespace Rave.Server.Engine;

// A precondition of a write, on one key.
internal sealed record Check(byte[] Key, Precondition Precondition)
{
    internal bool Holds(LevelDatabase database) => Precondition.Holds(ETagIn(database));

    // The value is read only if the precondition compares it.
    private string? ETagIn(LevelDatabase database) => Precondition.Tags is null
        ? database.Has(Key) ? "" : null
        : database.Get(Key) is { } value ? ETag.Of(value) : null;
}
