using System.Globalization;
using System.Text;
using Rave.Client;
using Rave.Etcd;
using Rave.Server.Protocol;
using Rave.Server.Storage;
using Rave.Tests.Harness;
using Rave.Tests.Storage;

namespace Rave.Tests.Etcd;

// A single member that is killed and restarted, with all its acknowledged writes.
public sealed class KilledMemberTests
{
    private static readonly byte[] Key = "counter"u8.ToArray();

    [Fact]
    public async Task Writes_in_a_session_continue_across_kills_and_each_is_applied_once()
    {
        await using EtcdMember member = await EtcdMember.StartAsync();
        using EtcdStore store = await EtcdStores.OpenAsync([member], "app");
        using IChangeSubscription feed = await store.SubscribeAsync(new(null, null), after: null, CancellationToken.None);
        const int writers = 8;
        const int writes = 150;
        Task[] writing = [.. Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (int n = 0; n < writes; n++)
            {
                // A put-if-absent that was applied by its own first attempt must not be refused by it.
                byte[] key = Encoding.ASCII.GetBytes($"{writer}/{n:d4}");
                await store.WriteAsync(
                    batch =>
                    {
                        batch.Check(key, Precondition.Missing);
                        batch.Put(key, key);
                    },
                    new IdempotencyKey($"session-of-writer-{writer}", n));
            }
        }))];
        for (int kill = 0; kill < 3; kill++)
        {
            await feed.NextAsync();
            await member.KillAsync();
            await member.StartAgainAsync();
        }

        await Task.WhenAll(writing);
        (await store.CountAsync()).ShouldBe(writers * writes);
        HashSet<string> reported = [];
        while (reported.Count < (writers * writes) - 3)
        {
            reported.Add(await feed.NextAsync()).ShouldBeTrue("each change comes once");
        }

        feed.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_subscription_continues_exactly_after_a_restart()
    {
        await using EtcdMember member = await EtcdMember.StartAsync();
        using EtcdStore store = await EtcdStores.OpenAsync([member], "app");
        using IChangeSubscription feed = await store.SubscribeAsync(new(null, null), after: null, CancellationToken.None);
        for (int i = 0; i < 30; i++)
        {
            await store.PutAsync(Key, Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture)), sync: false);
            if (i % 10 == 5)
            {
                await member.KillAsync();
                await member.StartAgainAsync();
            }
        }

        for (int i = 0; i < 30; i++)
        {
            (await feed.NextAsync()).ShouldBe($"put counter={i} last");
        }
    }

    [Fact]
    public async Task A_quiet_subscription_moves_on_with_the_cluster_and_survives_a_compaction()
    {
        await using EtcdMember member = await EtcdMember.StartAsync("--experimental-watch-progress-notify-interval=100ms");
        using EtcdStore store = await EtcdStores.OpenAsync([member], "app");
        using EtcdStore other = await EtcdStores.OpenAsync([member], "other");
        using IChangeSubscription feed = await store.SubscribeAsync(new(null, null), after: null, CancellationToken.None);
        FeedPlace began = feed.Place!.Value;
        await other.PutAsync(Key, "1"u8.ToArray(), sync: false);
        await other.PutAsync(Key, "2"u8.ToArray(), sync: false);
        while (feed.Place!.Value.Position.Sequence < began.Position.Sequence + 2)
        {
            await feed.WaitAsync(CancellationToken.None).Soon();
            feed.TryRead(out _).ShouldBeFalse("nothing has changed in this database");
        }

        await member.CompactAsync();
        using IChangeSubscription later = await store.SubscribeAsync(new(null, null), feed.Place, CancellationToken.None);
        await store.PutAsync(Key, "3"u8.ToArray(), sync: false);
        (await later.NextAsync()).ShouldBe("put counter=3 last");
    }

    [Fact]
    public async Task If_no_member_answers_the_errors_of_writes_say_whether_they_may_have_been_applied()
    {
        await using EtcdMember member = await EtcdMember.StartAsync();
        using EtcdStore store = await EtcdStores.OpenAsync([member], "app", new() { OperationTimeout = TimeSpan.FromSeconds(2) });
        await store.PutAsync(Key, default, sync: false);
        await member.Process.SuspendAsync();
        (await LostAsync(store.PutAsync(Key, default, sync: false).AsTask())).MayHaveBeenApplied.ShouldBeTrue();
        (await LostAsync(store.GetAsync(Key))).MayHaveBeenApplied.ShouldBeFalse();
        // From now on, writes wait until a member answers.
        (await LostAsync(store.PutAsync(Key, default, sync: false).AsTask())).MayHaveBeenApplied.ShouldBeFalse();
        (await LostAsync(store.WriteAsync(batch => batch.Put(Key, default), new IdempotencyKey("session-0123456789", 1)).AsTask()))
            .MayHaveBeenApplied.ShouldBeFalse();
        await member.KillAsync();
        RaveException never = await LostAsync(store.PutAsync(Key, default, sync: false).AsTask());
        never.MayHaveBeenApplied.ShouldBeFalse(never.Message);
        never.Message.ShouldContain($"127.0.0.1:{member.Port}");
    }

    [Fact]
    public async Task A_write_in_a_session_whose_first_attempt_was_sent_may_have_been_applied_although_no_later_attempt_is()
    {
        await using EtcdMember member = await EtcdMember.StartAsync();
        using EtcdStore store = await EtcdStores.OpenAsync([member], "app", new() { OperationTimeout = TimeSpan.FromSeconds(3) });
        IdempotencyKey session = new("session-0123456789", 1);
        await store.WriteAsync(batch => batch.Put(Key, "1"u8), session);
        await member.Process.SuspendAsync();
        // Its first attempt is in the socket of the member that hangs.
        RaveException lost = await LostAsync(store.WriteAsync(batch => batch.Put(Key, "2"u8), session with { Number = 2 }).AsTask());
        lost.MayHaveBeenApplied.ShouldBeTrue(lost.Message);
    }

    [Fact]
    public async Task A_write_whose_time_ends_while_it_waits_for_a_connection_was_not_applied()
    {
        await using EtcdMember member = await EtcdMember.StartAsync();
        using EtcdStore store = await EtcdStores.OpenAsync([member], "app", new() { OperationTimeout = TimeSpan.FromMilliseconds(500) });
        await member.KillAsync();
        using DeafPort deaf = new(member.Port);
        // Notices that the connection to the member is lost. Before that, a write may be sent on it.
        await LostAsync(store.GetAsync(Key));
        RaveException never = await LostAsync(store.PutAsync(Key, default, sync: false).AsTask());
        never.MayHaveBeenApplied.ShouldBeFalse(never.Message);
        deaf.Dispose();
        await member.StartAgainAsync();
        (await store.GetAsync(Key)).ShouldBeNull();
    }

    [Fact]
    public async Task A_full_database_refuses_writes_but_allows_deletes()
    {
        await using EtcdMember member = await EtcdMember.StartAsync("--quota-backend-bytes=4194304");
        using EtcdStore store = await EtcdStores.OpenAsync([member], "app");
        IdempotencyKey session = new("session-0123456789", 0);
        RaveException full = await Should.ThrowAsync<RaveException>(async () =>
        {
            for (int i = 0; i < 100; i++)
            {
                await store.WriteAsync(batch => batch.Put(BitConverter.GetBytes(i), new byte[200_000]), session with { Number = i });
            }
        });
        full.Code.ShouldBe(ErrorCodes.IoError);
        full.DiskFull.ShouldBeTrue();
        full.Message.ShouldContain("--quota-backend-bytes");
        (await Should.ThrowAsync<RaveException>(store.ProbeAsync(CancellationToken.None).AsTask())).DiskFull.ShouldBeTrue();
        (await store.GetAsync(BitConverter.GetBytes(0)))!.Length.ShouldBe(200_000);
        await store.WriteAsync(batch => batch.Delete(BitConverter.GetBytes(0)), session with { Number = 200 });
        await store.DeleteAsync(BitConverter.GetBytes(1), sync: false);
        store.HasMany([BitConverter.GetBytes(0), BitConverter.GetBytes(1)]).ShouldBe([false, false]);
        await store.ClearAsync(new(), sync: false, new Once(session with { Number = 201 }), CancellationToken.None);
        (await store.CountAsync()).ShouldBe(0);
    }

    [Fact]
    [Differs(Differences.Sessions)]
    public async Task A_session_whose_record_has_expired_continues_as_a_new_one()
    {
        await using EtcdMember member = await EtcdMember.StartAsync();
        using EtcdStore store = await EtcdStores.OpenAsync([member], "app");
        IdempotencyKey session = new("session-0123456789", 5);
        await store.WriteAsync(batch => batch.Put(Key, "1"u8), session);
        await member.EndLeasesAsync();
        await store.WriteAsync(batch => batch.Put(Key, "2"u8), session with { Number = 6 });
        (await store.GetAsync(Key)).ShouldBe("2"u8.ToArray());
        await store.WriteAsync(batch => batch.Put(Key, "3"u8), session with { Number = 6 });
        (await store.GetAsync(Key)).ShouldBe("2"u8.ToArray());
    }

    private static async Task<RaveException> LostAsync(Task task)
    {
        RaveException lost = await Should.ThrowAsync<RaveException>(task);
        lost.Code.ShouldBe(ErrorCodes.ConnectionLost, lost.Message);
        return lost;
    }
}
