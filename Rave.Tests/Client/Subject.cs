namespace Rave.Tests.Client;

// What every rule is shown on.
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
