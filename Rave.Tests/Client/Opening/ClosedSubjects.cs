using Rave.Client;
using Rave.Tests.Etcd;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// Every subject after closing, with the objects that were created while it was open.
public sealed class ClosedSubjects : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private readonly Dictionary<Subject, Begun> _begun = [];

    internal Begun this[Subject subject] => Subjects.EtcdOrSkip(_begun.GetValueOrDefault(subject));

    public async ValueTask InitializeAsync()
    {
        RaveLevel leader = await RaveLevel.OpenAsync(_directory["db"]);
        RaveLevel follower = await RaveLevel.OpenAsync(_directory["db"], new() { CanLead = false });
        RaveLevel memory = await RaveLevel.OpenInMemoryAsync();
        await using RaveLevel? etcd = await SubjectsMember.NewLocationAsync() is { } location ? await RaveLevel.OpenAsync(location) : null;
        foreach (Subject subject in Enum.GetValues<Subject>())
        {
            RaveLevel? handle = subject switch
            {
                Subject.Leader or Subject.LeadersSublevel => leader,
                Subject.Follower or Subject.FollowersSublevel => follower,
                Subject.Memory or Subject.MemorysSublevel => memory,
                _ => etcd,
            };
            if (handle is null)
            {
                continue;
            }

            AbstractLevel<string, string> level = Subjects.LevelOf(handle, subject);
            await level.PutAsync("a", "1");
            await level.PutAsync("b", "1");
            RangeIterator<string, string> iterator = level.Iterator();
            await iterator.NextAsync();
            _begun.Add(subject, new(handle, level, await handle.SnapshotAsync(), iterator, level.Batch().Put("a", "2")));
        }

        await memory.CloseAsync();
        await follower.CloseAsync();
        await leader.CloseAsync();
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return default;
    }

    internal sealed record Begun(
        RaveLevel Handle,
        AbstractLevel<string, string> Level,
        Snapshot Snapshot,
        RangeIterator<string, string> Iterator,
        WriteBatch<string, string> Batch);
}
