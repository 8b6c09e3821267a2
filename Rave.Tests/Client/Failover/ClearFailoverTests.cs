using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

public sealed class ClearFailoverTests
{
    private const int Entries = 60_000;
    private const int Limit = 45_000;

    // Whenever it steps down, the limit counts what it has deleted itself.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_leader_that_steps_down_in_the_middle_of_its_own_clear_leaves_the_rest_of_the_limit_to_the_next_one(bool exactlyOnce)
    {
        using TempDirectory directory = new();
        await using RaveLevel db = await RaveLevel.OpenAsync(directory["db"], new() { ExactlyOnce = exactlyOnce });
        await using ChildProcess next = ChildProcess.StartServer(directory["db"]);
        await next.ExpectAsync($"follower {directory["db/rave.sock"]}");
        await db.BatchAsync(Enumerable.Range(0, Entries).Select(i => BatchOperation.Put($"{i:d5}", "")));
        await using IAsyncEnumerator<Change<string, string>> feed = db.ChangesAsync().GetAsyncEnumerator();
        (await feed.MoveNextAsync().AsTask().Soon()).ShouldBeTrue("it begins with a gap");
        Task clear = db.ClearAsync(new() { Limit = Limit }).AsTask();
        (await feed.MoveNextAsync().AsTask().Soon()).ShouldBeTrue("the first chunk is deleted");
        await db.StepDownAsync();
        await clear.Soon();
        (await db.CountAsync()).ShouldBe(Entries - Limit);
        (await db.Iterate(new() { Limit = 1 }).FirstAsync()).Key.ShouldBe($"{Limit:d5}");
    }
}
