using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// A follower that may not lead and has lost its leader. All its operations wait, like deferred ones in abstract-level.
public sealed class PendingTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private RaveLevel? _orphan;

    public async ValueTask InitializeAsync()
    {
        await using RaveLevel leader = await RaveLevel.OpenAsync(_directory["db"]);
        _orphan = await RaveLevel.OpenAsync(_directory["db"], new() { CanLead = false });
    }

    public async ValueTask DisposeAsync()
    {
        await _orphan!.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Operations_that_are_pending_when_the_handle_closes_fail_as_not_open()
    {
        RaveLevel db = _orphan!;
        Sublevel<string, string> sublevel = db.Sublevel("sub");
        RangeIterator<string, string> iterator = db.Iterator();
        Task[] pending =
        [
            db.GetAsync("a").AsTask(), db.GetManyAsync(["a"]).AsTask(), db.HasAsync("a").AsTask(), db.HasManyAsync(["a"]).AsTask(),
            db.PutAsync("a", "1").AsTask(),
            db.DeleteAsync("a").AsTask(), db.Batch().Put("a", "1").WriteAsync().AsTask(), db.ClearAsync().AsTask(),
            db.CountAsync().AsTask(),
            db.Keys().ToArrayAsync().AsTask(), iterator.NextAsync().AsTask(), db.SnapshotAsync().AsTask(),
            db.PutIfAbsentAsync("a", "1").AsTask(),
            sublevel.GetAsync("a").AsTask(), sublevel.PutAsync("a", "1").AsTask(), sublevel.Iterate().ToArrayAsync().AsTask(),
        ];
        pending.ShouldAllBe(task => !task.IsCompleted);
        await db.CloseAsync();
        foreach (Task task in pending)
        {
            (await task.Soon().ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_DATABASE_NOT_OPEN");
        }
    }

    [Fact]
    public async Task Pending_operations_continue_once_there_is_a_leader()
    {
        Task put = _orphan!.PutAsync("a", "1").AsTask();
        Task<bool> absent = _orphan.PutIfAbsentAsync("b", "1").AsTask();
        Task<string[]> keys = _orphan.Keys(new() { Lt = "0" }).ToArrayAsync().AsTask();
        await using RaveLevel leader = await RaveLevel.OpenAsync(_directory["db"]);
        await put.Soon();
        (await absent.Soon()).ShouldBeTrue();
        (await keys.Soon()).ShouldBeEmpty();
        (await leader.GetAsync("a")).ShouldBe("1");
    }

    [Theory]
    [InlineData("next")]
    [InlineData("next-many")]
    [InlineData("all")]
    [InlineData("seek")]
    public async Task An_iterator_takes_one_call_at_a_time(string second)
    {
        RangeIterator<string, string> iterator = _orphan!.Iterator();
        Task first = iterator.NextAsync().AsTask();
        RaveException failure = await Should.ThrowAsync<RaveException>(async () =>
        {
            switch (second)
            {
                case "next": await iterator.NextAsync(); break;
                case "next-many": await iterator.NextManyAsync(2); break;
                case "all": await iterator.AllAsync(); break;
                default: iterator.Seek("a"); break;
            }
        });
        failure.Code.ShouldBe("LEVEL_ITERATOR_BUSY");
        await _orphan.CloseAsync();
        (await first.Soon().ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_DATABASE_NOT_OPEN");
    }

    [Fact]
    public async Task A_pending_operation_ends_when_it_is_cancelled()
    {
        using CancellationTokenSource source = new();
        Task get = _orphan!.GetAsync("a", cancellationToken: source.Token).AsTask();
        Task next = _orphan.Iterator().NextAsync(source.Token).AsTask();
        await source.CancelAsync();
        await get.Soon().ShouldThrowAsync<OperationCanceledException>();
        await next.Soon().ShouldThrowAsync<OperationCanceledException>();
    }
}
