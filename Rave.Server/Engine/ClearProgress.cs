namespace Rave.Server.Engine;

// The progress of a clear: the last key that it deleted, and how many entries are left to delete, or Scan.Unlimited.
// Each chunk makes a new one, and two are the same only if they are the same object.
internal sealed class ClearProgress(byte[] lastKey, long limit)
{
    internal byte[] LastKey => lastKey;

    internal long Limit => limit;
}
