namespace Rave.Etcd.Scans;

// As of when something is read: a revision, or 0 until the first answer says which one is the newest. What is read after that is of the
// same moment.
internal sealed class Moment(long revision)
{
    internal long Revision { get; private set; } = revision;

    internal void Found(long newest)
    {
        if (Revision == 0)
        {
            Revision = newest;
        }
    }
}
