namespace Rave.Server.Engine;

// How far a clear has come: the last key that it deleted, and how many more it may delete. Each chunk makes a new one.
internal sealed class ClearPlace(byte[] lastKey, long limit)
{
    internal byte[] LastKey => lastKey;

    // Scan.Unlimited for all that there are.
    internal long Limit => limit;
}
