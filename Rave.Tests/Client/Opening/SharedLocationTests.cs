using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// The tests of npm's rave-level with several handles at one location.
public sealed class SharedLocationTests
{
    [Fact]
    public async Task Two_handles_on_one_location_see_the_same_entries()
    {
        using TempDirectory directory = new();
        await using RaveLevel first = await RaveLevel.OpenAsync(directory["db"]);
        await using RaveLevel second = await RaveLevel.OpenAsync(directory["db"]);

        await first.PutAsync("a", "1");
        (await second.GetAsync("a")).ShouldBe("1");
        await second.PutAsync("b", "2");
        (await first.GetAsync("b")).ShouldBe("2");
        first.IsLeader.ShouldBeTrue();
        second.IsLeader.ShouldBeFalse();
    }

    [Fact]
    public async Task Two_locations_do_not_mix()
    {
        using TempDirectory directory = new();
        await using RaveLevel first = await RaveLevel.OpenAsync(directory["one"]);
        await using RaveLevel second = await RaveLevel.OpenAsync(directory["two"]);

        await first.PutAsync("a", "1");
        await second.PutAsync("a", "2");
        (await first.GetAsync("a")).ShouldBe("1");
        (await second.GetAsync("a")).ShouldBe("2");
    }

    [Fact]
    public async Task A_hundred_pending_puts_survive_the_closing_of_the_leader()
    {
        using TempDirectory directory = new();
        await using RaveLevel leader = await RaveLevel.OpenAsync(directory["db"]);
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"]);
        TaskCompletionSource becameLeader = new();
        follower.BecameLeader += (_, _) => becameLeader.SetResult();
        string[] values = [.. Enumerable.Range(0, 100).Select(i => $"{i:000}")];

        Task[] puts = [.. values.Select(value => follower.PutAsync(value, value).AsTask())];
        await leader.CloseAsync();
        await becameLeader.Task.Soon();
        await Task.WhenAll(puts).Soon();

        (await follower.Values().ToArrayAsync()).ShouldBe(values);
        follower.IsLeader.ShouldBeTrue();
    }

    [Fact]
    public async Task Elections_continue_until_the_last_handle_closes()
    {
        using TempDirectory directory = new();
        List<RaveLevel> alive = [];
        foreach (string _ in (string[])["a", "b", "c", "e", "f", "g"])
        {
            alive.Add(await RaveLevel.OpenAsync(directory["db"]));
        }

        while (alive.Count > 0)
        {
            await Task.WhenAll(Enumerable.Range(0, alive.Count).Select(async i =>
            {
                string value = Guid.NewGuid().ToString();
                await alive[i].PutAsync($"key{i}", value);
                (await alive[(i + 1) % alive.Count].GetAsync($"key{i}")).ShouldBe(value);
            })).Soon();
            await alive[0].CloseAsync();
            alive.RemoveAt(0);
        }
    }

    [Fact]
    public async Task A_pending_put_is_aborted_by_close()
    {
        using TempDirectory directory = new();
        await using RaveLevel leader = await RaveLevel.OpenAsync(directory["db"]);
        RaveLevel follower = await RaveLevel.OpenAsync(directory["db"], new() { CanLead = false });
        await leader.CloseAsync();

        // There is no leader any more, and the follower may not lead.
        Task put = follower.PutAsync("a", "1").AsTask();
        await follower.CloseAsync();

        (await put.ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_DATABASE_NOT_OPEN");
        (await follower.GetAsync("a").AsTask().ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_DATABASE_NOT_OPEN");
    }
}
