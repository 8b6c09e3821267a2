using Rave.Client;
using Rave.Tests.Etcd;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// A database with a handle that leads and one that follows, one in memory and one on etcd, for the tests of a class, which run one after
// the other.
public sealed class Subjects : IAsyncLifetime
{
    // The number of operations that every engine accepts at once.
    private const int OneBatch = 100;

    private readonly TempDirectory _directory = new();
    private RaveLevel? _leader;
    private RaveLevel? _follower;
    private RaveLevel? _memory;
    private RaveLevel? _etcd;

    public async ValueTask InitializeAsync()
    {
        _leader = await RaveLevel.OpenAsync(_directory["db"]);
        _follower = await RaveLevel.OpenAsync(_directory["db"], new() { CanLead = false });
        _memory = await RaveLevel.OpenInMemoryAsync();
        _etcd = await SubjectsMember.NewLocationAsync() is { } location ? await RaveLevel.OpenAsync(location) : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_etcd is not null)
        {
            await _etcd.DisposeAsync();
        }

        await _memory!.DisposeAsync();
        await _follower!.DisposeAsync();
        await _leader!.DisposeAsync();
        _directory.Dispose();
    }

    internal RaveLevel HandleOf(Subject subject) => subject switch
    {
        Subject.Leader or Subject.LeadersSublevel => _leader!,
        Subject.Follower or Subject.FollowersSublevel => _follower!,
        Subject.Memory or Subject.MemorysSublevel => _memory!,
        _ => EtcdOrSkip(_etcd),
    };

    internal static T EtcdOrSkip<T>(T? etcd)
        where T : class
    {
        Assert.SkipWhen(etcd is null, "There is no etcd on this machine, and apt-get has none to download.");
        return etcd;
    }

    internal AbstractLevel<string, string> LevelOf(Subject subject) => LevelOf(HandleOf(subject), subject);

    internal static AbstractLevel<string, string> LevelOf(RaveLevel handle, Subject subject) =>
        subject is Subject.Leader or Subject.Follower or Subject.Memory or Subject.Etcd ? handle : handle.Sublevel("subject");

    internal Task<RaveLevel> OpenAnotherAsync(Subject subject) => HandleOf(subject) == _memory
        ? RaveLevel.OpenInMemoryAsync()
        : RaveLevel.OpenAsync(HandleOf(subject).Location, new() { CanLead = false });

    // The subject, empty or with these keys. The value of each names its key. A sublevel is surrounded by keys that it must never see.
    internal async Task<AbstractLevel<string, string>> EmptyAsync(Subject subject, params IEnumerable<string> keys)
    {
        RaveLevel handle = subject is Subject.Follower or Subject.FollowersSublevel ? _leader! : HandleOf(subject);
        await handle.ClearAsync();
        AbstractLevel<string, string> level = LevelOf(subject);
        Sublevel<string, string>? sublevel = level as Sublevel<string, string>;
        IEnumerable<BatchOperation<string, string>> puts =
        [
            .. (sublevel is null ? [] : Neighbours(sublevel)).Select(neighbour => BatchOperation.Put(neighbour, "a neighbour's")),
            .. keys.Select(key => BatchOperation.Put(sublevel?.Prefix + key, Value(key))),
        ];
        foreach (BatchOperation<string, string>[] some in puts.Chunk(OneBatch))
        {
            await handle.BatchAsync(some);
        }

        return level;
    }

    internal static string Value(string key) => $"value of {key}";

    // Directly before and directly after the keys of the sublevel.
    internal static string[] Neighbours(Sublevel<string, string> sublevel) =>
        [sublevel.Prefix[..^1], sublevel.Prefix[..^1] + "\"", "!subjec!a", "!subject2!a", "a"];
}
