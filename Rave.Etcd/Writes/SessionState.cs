namespace Rave.Etcd.Writes;

internal enum SessionState : byte
{
    Applied = 1,

    // Its conditions did not hold. Kept as well: a copy of it that comes late must not be applied.
    Refused = 2,

    // A clear that has deleted some of its chunks.
    UnderWay = 3,
}
