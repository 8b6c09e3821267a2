using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

public sealed class ClosedTests(ClosedSubjects subjects) : IClassFixture<ClosedSubjects>
{
    [Theory]
    [EverySubject("get")]
    [EverySubject("get-many")]
    [EverySubject("has")]
    [EverySubject("has-many")]
    [EverySubject("put")]
    [EverySubject("del")]
    [EverySubject("batch")]
    [EverySubject("empty-batch")]
    [EverySubject("put-if")]
    [EverySubject("clear")]
    [EverySubject("count")]
    [EverySubject("iterate")]
    [EverySubject("keys")]
    [EverySubject("values")]
    [EverySubject("snapshot")]
    [EverySubject("get-from-snapshot")]
    [EverySubject("get-from-disposed-snapshot")]
    [EverySubject("sublevel")]
    [EverySubject("step-down")]
    public async Task A_closed_database_refuses_everything(Subject subject, string operation)
    {
        ClosedSubjects.Begun begun = subjects[subject];
        RaveException failure = await Should.ThrowAsync<RaveException>(async () => await CallAsync(begun, operation).Soon());
        failure.Code.ShouldBe("LEVEL_DATABASE_NOT_OPEN");
        failure.MayHaveBeenApplied.ShouldBeFalse();
    }

    [Theory]
    [EverySubject("next", "LEVEL_ITERATOR_NOT_OPEN")]
    [EverySubject("next-many", "LEVEL_ITERATOR_NOT_OPEN")]
    [EverySubject("all", "LEVEL_ITERATOR_NOT_OPEN")]
    [EverySubject("seek", "LEVEL_ITERATOR_NOT_OPEN")]
    [EverySubject("batch-write", "LEVEL_BATCH_NOT_OPEN")]
    [EverySubject("batch-put", "LEVEL_BATCH_NOT_OPEN")]
    [EverySubject("batch-del", "LEVEL_BATCH_NOT_OPEN")]
    [EverySubject("batch-clear", "LEVEL_BATCH_NOT_OPEN")]
    public async Task Iterators_and_write_batches_close_with_their_database(Subject subject, string operation, string code)
    {
        (_, _, _, RangeIterator<string, string> iterator, WriteBatch<string, string> batch) = subjects[subject];
        RaveException failure = await Should.ThrowAsync<RaveException>(async () =>
        {
            switch (operation)
            {
                case "next": await iterator.NextAsync(); break;
                case "next-many": await iterator.NextManyAsync(1); break;
                case "all": await iterator.AllAsync(); break;
                case "seek": iterator.Seek("a"); break;
                case "batch-write": await batch.WriteAsync(); break;
                case "batch-put": batch.Put("b", "1"); break;
                case "batch-del": batch.Delete("b"); break;
                default: batch.Clear(); break;
            }
        });
        failure.Code.ShouldBe(code);
        iterator.Count.ShouldBe(1, "fetched entries are not delivered any more");
    }

    [Theory, EverySubject]
    public async Task Closing_again_and_disposing_its_objects_do_nothing(Subject subject)
    {
        (RaveLevel handle, _, Snapshot snapshot, _, _) = subjects[subject];
        await handle.CloseAsync();
        await handle.DisposeAsync();
        await snapshot.DisposeAsync();
        handle.Status.ShouldBe(LevelStatus.Closed);
        handle.IsLeader.ShouldBeFalse();
        handle.LeaderInfo.ShouldBeNull();
    }

    private static async Task CallAsync(ClosedSubjects.Begun begun, string operation)
    {
        (RaveLevel handle, AbstractLevel<string, string> db, Snapshot snapshot, _, _) = begun;
        switch (operation)
        {
            case "get": await db.GetAsync("a"); break;
            case "get-many": await db.GetManyAsync(["a"]); break;
            case "has": await db.HasAsync("a"); break;
            case "has-many": await db.HasManyAsync(["a"]); break;
            case "put": await db.PutAsync("a", "1"); break;
            case "del": await db.DeleteAsync("a"); break;
            case "batch": await db.BatchAsync([BatchOperation.Delete("a")]); break;
            case "empty-batch": await db.BatchAsync([]); break;
            case "put-if": await db.PutIfAbsentAsync("a", "1"); break;
            case "clear": await db.ClearAsync(); break;
            case "count": await db.CountAsync(); break;
            case "iterate": await db.Iterate().ToArrayAsync(); break;
            case "keys": await db.Keys().ToArrayAsync(); break;
            case "values": await db.Values().ToArrayAsync(); break;
            case "snapshot": await handle.SnapshotAsync(); break;
            case "get-from-snapshot": await db.GetAsync("a", new() { Snapshot = snapshot }); break;
            case "get-from-disposed-snapshot":
                await snapshot.DisposeAsync();
                await db.GetAsync("a", new() { Snapshot = snapshot });
                break;
            case "sublevel": await db.Sublevel("inner").GetAsync("a"); break;
            default: await handle.StepDownAsync(); break;
        }
    }
}
