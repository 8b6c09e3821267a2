using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// A database with a handle that leads and one that follows, and one in memory, for the tests of a class, which run one after the other.
public sealed class Subjects : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private RaveLevel? _leader;
    private RaveLevel? _follower;
    private RaveLevel? _memory;

    public async ValueTask InitializeAsync()
    {
        _leader = await RaveLevel.OpenAsync(_directory["db"]);
        _follower = await RaveLevel.OpenAsync(_directory["db"], new() { CanLead = false });
        _memory = await RaveLevel.OpenInMemoryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _memory!.DisposeAsync();
        await _follower!.DisposeAsync();
        await _leader!.DisposeAsync();
        _directory.Dispose();
    }

    internal RaveLevel HandleOf(Subject subject) => subject switch
    {
        Subject.Leader or Subject.LeadersSublevel => _leader!,
        Subject.Follower or Subject.FollowersSublevel => _follower!,
        _ => _memory!,
    };

    internal AbstractLevel<string, string> LevelOf(Subject subject) => LevelOf(HandleOf(subject), subject);

    internal static AbstractLevel<string, string> LevelOf(RaveLevel handle, Subject subject) =>
        subject is Subject.Leader or Subject.Follower or Subject.Memory ? handle : handle.Sublevel("subject");

    internal Task<RaveLevel> OpenAnotherAsync(Subject subject) => HandleOf(subject) == _memory
        ? RaveLevel.OpenInMemoryAsync()
        : RaveLevel.OpenAsync(_directory["db"], new() { CanLead = false });

    // The subject without any entry, or with these keys, each with a value that names it. Around a sublevel lie keys that it must never
    // see.
    internal async Task<AbstractLevel<string, string>> EmptyAsync(Subject subject, params IEnumerable<string> keys)
    {
        RaveLevel handle = subject is Subject.Memory or Subject.MemorysSublevel ? _memory! : _leader!;
        await handle.ClearAsync();
        AbstractLevel<string, string> level = LevelOf(subject);
        WriteBatch<string, string> batch = handle.Batch();
        if (level is Sublevel<string, string> sublevel)
        {
            foreach (string neighbour in Neighbours(sublevel))
            {
                batch.Put(neighbour, "a neighbour's");
            }
        }

        foreach (string key in keys)
        {
            batch.Put(level is Sublevel<string, string> own ? own.Prefix + key : key, Value(key));
        }

        await batch.WriteAsync();
        return level;
    }

    internal static string Value(string key) => $"value of {key}";

    // Right before and right behind the sublevel's keys.
    internal static string[] Neighbours(Sublevel<string, string> sublevel) =>
        [sublevel.Prefix[..^1], sublevel.Prefix[..^1] + "\"", "!subjec!a", "!subject2!a", "a"];
}
