namespace Rave.Tests.Client;

// A kind of database on which every rule is tested.
public enum Subject
{
    Leader,
    Follower,
    LeadersSublevel,
    FollowersSublevel,
    Memory,
    MemorysSublevel,
    Etcd,
    EtcdsSublevel,
}
