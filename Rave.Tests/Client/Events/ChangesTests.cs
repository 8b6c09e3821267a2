using Rave.Client;
using Rave.Client.Changes;
using Rave.Server.Storage;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

public sealed class ChangesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Changes_of_all_handles_come_in_order_after_a_gap(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        await using RaveLevel other = await RaveLevel.OpenAsync(shared.Db.Location);
        await using Feed<string> feed = new(shared.Db.ChangesAsync());
        (await feed.NextAsync()).ShouldBe("Gap");

        await other.PutAsync("a", "1");
        await shared.Db.Batch().Put("b", "2").Delete("a").WriteAsync();
        await other.PutAsync("c", "");
        await other.ClearAsync();

        (await feed.TakeAsync(4)).ShouldBe(["Put a=1.", "Put b=2", "Delete a.", "Put c=."]);
        Change<string, string> clear = await feed.ReadAsync();
        clear.Kind.ShouldBe(ChangeKind.Clear);
        clear.Touches("b").ShouldBeTrue();
        clear.Touches("c").ShouldBeTrue();
        clear.Touches("d").ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => clear.Key);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_feeds_of_a_sublevel_and_of_a_range_report_only_their_keys(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        Sublevel<string, long> numbers = db.Sublevel("numbers", Encodings.Int64);
        await using Feed<long> own = new(numbers.ChangesAsync());
        await using Feed<string> range = new(db.ChangesAsync(new() { Gte = "x", Lt = "y" }));
        (await own.NextAsync()).ShouldBe("Gap");
        (await range.NextAsync()).ShouldBe("Gap");

        await db.Batch().Put("a", "1").Put(numbers, "n", -1).Put("x1", "2").Put("y", "3").WriteAsync();
        await db.Batch().Put(numbers, "m", 2).Put("x2", "4").WriteAsync();

        (await own.TakeAsync(2)).ShouldBe(["Put n=-1.", "Put m=2."]);
        (await range.TakeAsync(2)).ShouldBe(["Put x1=2.", "Put x2=4."]);
    }

    [Fact]
    public async Task A_new_leader_is_reported_as_a_gap_and_the_feed_continues()
    {
        using TempDirectory directory = new();
        RaveLevel leader = await RaveLevel.OpenAsync(directory["db"]);
        await using RaveLevel second = await RaveLevel.OpenAsync(directory["db"]);
        await using RaveLevel third = await RaveLevel.OpenAsync(directory["db"]);
        await using Feed<string> onSecond = new(second.ChangesAsync());
        await using Feed<string> onThird = new(third.ChangesAsync());
        (await onSecond.NextAsync()).ShouldBe("Gap");
        (await onThird.NextAsync()).ShouldBe("Gap");
        await second.PutAsync("a", "1");
        (await onSecond.NextAsync()).ShouldBe("Put a=1.");
        (await onThird.NextAsync()).ShouldBe("Put a=1.");

        await leader.CloseAsync();
        (await onSecond.NextAsync()).ShouldBe("Gap");
        (await onThird.NextAsync()).ShouldBe("Gap");
        await third.PutAsync("b", "2");
        (await onSecond.NextAsync()).ShouldBe("Put b=2.");
        (await onThird.NextAsync()).ShouldBe("Put b=2.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_subscription_continues_without_a_gap_while_its_leader_lives(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        using ChangeReader reader = new(shared.Db.Database, RangeBounds.All.ToRange());
        (await reader.NextAsync(cancellationToken).AsTask().Soon()).Kind.ShouldBe(ChangeKind.Gap);

        // Lost before its first change, and again after it.
        reader.Dispose();
        await shared.Db.PutAsync("a", "1");
        (await reader.NextAsync(cancellationToken).AsTask().Soon()).Key.ShouldBe("a"u8.ToArray());

        reader.Dispose();
        await shared.Db.PutAsync("b", "2");
        (await reader.NextAsync(cancellationToken).AsTask().Soon()).Key.ShouldBe("b"u8.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_ends_with_its_handle_or_when_it_is_cancelled(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        Should.Throw<ArgumentException>(() => shared.Db.ChangesAsync(new() { Limit = 1 }));
        using CancellationTokenSource cancelled = new();
        await using Feed<string> first = new(shared.Db.ChangesAsync(cancellationToken: cancelled.Token));
        await using Feed<string> second = new(shared.Db.ChangesAsync());
        await first.NextAsync();
        await second.NextAsync();

        Task<string> pending = first.NextAsync();
        Task<string> last = second.NextAsync();
        await cancelled.CancelAsync();
        await pending.ShouldThrowAsync<OperationCanceledException>();
        await shared.Db.CloseAsync();
        (await last.ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_DATABASE_NOT_OPEN");
    }

    // A feed as text; a dot marks the end of a batch.
    private sealed class Feed<TValue>(IAsyncEnumerable<Change<string, TValue>> changes) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<Change<string, TValue>> _changes =
            changes.GetAsyncEnumerator(TestContext.Current.CancellationToken);

        internal async Task<Change<string, TValue>> ReadAsync()
        {
            (await _changes.MoveNextAsync().AsTask().Soon()).ShouldBeTrue();
            return _changes.Current;
        }

        internal async Task<string> NextAsync()
        {
            Change<string, TValue> change = await ReadAsync();
            string text = change.Kind switch
            {
                ChangeKind.Put => $"Put {change.Key}={change.Value}",
                ChangeKind.Delete => $"Delete {change.Key}",
                _ => $"{change.Kind}",
            };
            return change.IsLast ? text + "." : text;
        }

        internal async Task<string[]> TakeAsync(int count)
        {
            string[] taken = new string[count];
            for (int i = 0; i < count; i++)
            {
                taken[i] = await NextAsync();
            }

            return taken;
        }

        public ValueTask DisposeAsync() => _changes.DisposeAsync();
    }
}
