namespace Rave.Etcd.Writes;

internal enum SessionState : byte
{
    Applied = 1,

    // Its conditions did not hold. This is recorded too, because a late copy of the write must not be applied.
    Refused = 2,

    // A clear that has deleted some of its chunks.
    UnderWay = 3,
}
