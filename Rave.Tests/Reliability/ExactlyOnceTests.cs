using System.Net;
using System.Text;
using Rave.Client;
using Rave.Client.Failover;
using Rave.Server.Election;
using Rave.Server.Location;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// Leaders that apply a write and end before they answer it.
public sealed class ExactlyOnceTests
{
    private readonly LosingWire _wire = new();

    [Fact]
    public async Task A_counter_that_two_handles_increment_by_compare_and_set_is_exact_across_lost_leaders()
    {
        using TempDirectory directory = new();
        RaveLevel leader = await RaveLevel.OpenAsync(directory["db"]);
        await leader.PutAsync("n", "0");
        await using RaveLevel loses = await RaveLevel.OpenAsync(directory["db"], Follower());
        await using RaveLevel other = await RaveLevel.OpenAsync(directory["db"], new() { CanLead = false });
        int stored = 0;
        for (int round = 0; round < 4; round++)
        {
            RaveLevel next = await RaveLevel.OpenAsync(directory["db"]);
            _wire.LoseAnswer(leader.CloseAsync);
            int[] each = await Task.WhenAll(IncrementAsync(loses, 5), IncrementAsync(other, 5)).Soon();
            stored += each.Sum();
            leader = next;
        }

        stored.ShouldBe(40);
        (await other.GetAsync("n")).ShouldBe("40");
        await leader.CloseAsync();
    }

    [Theory]
    [InlineData(true, "2")]
    // The reason for the option: the reader saw 1, 2, and sees 1 again.
    [InlineData(false, "1")]
    public async Task A_put_that_is_sent_again_overwrites_a_newer_put_of_another_handle_only_if_exactly_once_is_off(bool exactlyOnce,
        string last)
    {
        using TempDirectory directory = new();
        RaveLevel leader = await RaveLevel.OpenAsync(directory["db"]);
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"], Follower() with { ExactlyOnce = exactlyOnce });
        await using RaveLevel next = await RaveLevel.OpenAsync(directory["db"]);
        _wire.LoseAnswer(async () =>
        {
            (await leader.GetAsync("x")).ShouldBe("1");
            await leader.PutAsync("x", "2");
            await leader.CloseAsync();
        });

        await follower.PutAsync("x", "1").AsTask().Soon();
        (await next.GetAsync("x")).ShouldBe(last);
    }

    [Fact]
    public async Task A_clear_with_a_limit_deletes_exactly_its_limit_when_its_leader_is_lost()
    {
        using TempDirectory directory = new();
        RaveLevel leader = await RaveLevel.OpenAsync(directory["db"]);
        await leader.BatchAsync("abcdefghij".Select(key => BatchOperation.Put($"{key}", "")));
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"], Follower());
        await using RaveLevel next = await RaveLevel.OpenAsync(directory["db"]);
        _wire.LoseAnswer(leader.CloseAsync);

        await follower.ClearAsync(new() { Limit = 3 }).AsTask().Soon();
        string.Concat(await next.Keys().ToArrayAsync()).ShouldBe("defghij");
    }

    [Fact]
    public async Task A_handle_that_becomes_the_leader_does_not_apply_again_what_the_last_leader_had_applied()
    {
        using TempDirectory directory = new();
        RaveLevel leader = await RaveLevel.OpenAsync(directory["db"]);
        await using RaveLevel heir = await RaveLevel.OpenAsync(directory["db"], Follower() with { CanLead = true });
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"], new() { CanLead = false });
        Task<bool>? behind = null;
        _wire.LoseAnswer(async () =>
        {
            await leader.PutAsync("x", "2");
            behind = heir.CompareAndSetAsync("x", "2", "3").AsTask();
            await leader.CloseAsync();
        });

        await heir.PutAsync("x", "1").AsTask().Soon();
        (await behind!.Soon()).ShouldBeTrue();
        heir.IsLeader.ShouldBeTrue();
        (await follower.GetAsync("x")).ShouldBe("3");
    }

    [Fact]
    public async Task A_cancelled_write_is_not_applied_after_a_later_one_and_its_session_is_not_ended()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        await using Leader leader = await Embedded.LeadAsync(location);
        await using RaveLevel follower =
            await RaveLevel.OpenAsync(directory["db"], Follower() with { OperationTimeout = TimeSpan.FromSeconds(1) });
        await follower.PutAsync("x", "0");
        _wire.HoldNext();
        RaveException failure = await follower.PutAsync("x", "1").AsTask().ShouldThrowAsync<RaveException>();
        failure.MayHaveBeenApplied.ShouldBeTrue();
        await follower.PutAsync("x", "2");

        using HttpClient late = LiveLeader.Client(location.SocketPath);
        using HttpRequestMessage held = await _wire.Held.Task.Soon();
        using HttpResponseMessage answer = await late.SendAsync(held, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await follower.GetAsync("x")).ShouldBe("2");
        await follower.CloseAsync();
        leader.Store.SessionCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_handle_has_one_session_and_ends_it_when_it_closes()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        await using Leader leader = await Embedded.LeadAsync(location);
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"], Follower());
        leader.Store.SessionCount.ShouldBe(0);
        await follower.PutAsync("a", "1");
        (await follower.PutIfAbsentAsync("a", "2")).ShouldBeFalse();
        await follower.ClearAsync();
        leader.Store.SessionCount.ShouldBe(1);
        await follower.CloseAsync().Soon();
        leader.Store.SessionCount.ShouldBe(0);
    }

    [Theory]
    [InlineData("LEVEL_STALE_RETRY", HttpStatusCode.Conflict, false, true)]
    [InlineData("LEVEL_TOO_LARGE", HttpStatusCode.RequestEntityTooLarge, true, true)]
    [InlineData("LEVEL_TOO_LARGE", HttpStatusCode.RequestEntityTooLarge, false, false)]
    [InlineData("LEVEL_PRECONDITION_FAILED", HttpStatusCode.PreconditionFailed, true, false)]
    public void A_refusal_that_does_not_decide_a_write_leaves_it_in_doubt_and_the_request_is_not_split(string code, HttpStatusCode status,
        bool inDoubt, bool mayHaveBeenApplied)
    {
        string problem = $$"""{"type":"about:blank","title":"Refused","status":{{(int)status}},"code":"{{code}}","detail":"Why."}""";
        RaveException refusal = RemoteStore.Refusal(status, Encoding.UTF8.GetBytes(problem), inDoubt, isOnce: true);
        refusal.Code.ShouldBe(code);
        refusal.MayHaveBeenApplied.ShouldBe(mayHaveBeenApplied);
        refusal.IsRefusal.ShouldBe(!mayHaveBeenApplied);
    }

    private static async Task<int> IncrementAsync(RaveLevel db, int times)
    {
        int stored = 0;
        while (stored < times)
        {
            string read = (await db.GetAsync("n"))!;
            if (await db.CompareAndSetAsync("n", read, $"{int.Parse(read) + 1}"))
            {
                stored++;
            }
        }

        return stored;
    }

    private RaveOptions Follower() => new() { CanLead = false, Wire = _wire.Around };
}
