namespace Rave.Etcd.Cluster;

// What became of an attempt that failed.
internal enum Fate
{
    // Nothing was applied, and nothing would be if it were sent again.
    Refused,

    // It never reached a member.
    NotSent,

    // The member did not take the token. It looks at it before anything else.
    NotAdmitted,

    // It may have been applied, and may still be applied later: a member that hangs keeps it and passes it on when it wakes.
    InDoubt,
}
