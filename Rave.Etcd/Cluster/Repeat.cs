namespace Rave.Etcd.Cluster;

// When a call is sent again, if an attempt has failed.
internal enum Repeat
{
    // It changes nothing.
    Read,

    // A write that is applied once, however often it is sent: its session's record says so, or a second time is like the first.
    Write,

    // A write without a record. A second attempt might undo what was written since.
    WriteIfNotSent,
}
