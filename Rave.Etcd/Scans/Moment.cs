namespace Rave.Etcd.Scans;

// The revision of a read that takes several requests. It is 0 until the first answer brings the newest revision. All later requests use
// the same one.
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
