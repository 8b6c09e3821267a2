using System.Globalization;
using System.Text;
using Rave.Client;
using Rave.Etcd;
using Rave.Server.Protocol;
using Rave.Server.Storage;
using Rave.Tests.Harness;
using Rave.Tests.Storage;

namespace Rave.Tests.Etcd;

// Three members, which are killed, stopped and started again while writers count.
public sealed class ThreeMembersTests : IAsyncLifetime
{
    private const int Writers = 4;

    private static readonly byte[] Key = "counter"u8.ToArray();

    private EtcdMember[] _members = [];

    [Fact]
    public async Task Nothing_is_lost_and_nothing_is_applied_twice_while_leaders_are_killed_and_stopped()
    {
        using EtcdStore store = await EtcdStores.OpenAsync(_members, "app");
        await store.PutAsync(Key, BitConverter.GetBytes(0), sync: false);
        using IChangeSubscription feed = await store.SubscribeAsync(new(null, null), after: null, CancellationToken.None);
        using CancellationTokenSource ended = new();
        Task<int>[] writing = [.. Enumerable.Range(0, Writers).Select(writer => Task.Run(() => CountAsync(writer, ended.Token)))];
        for (int round = 0; round < 2; round++)
        {
            EtcdMember leader = await LeaderAsync();
            await feed.NextAsync();
            await leader.KillAsync();
            await ProgressAsync(store);
            await leader.StartAgainAsync();
            leader = await LeaderAsync();
            await leader.Process.SuspendAsync();
            await ProgressAsync(store);
            leader.Process.Signal(ChildProcess.Continue);
            await ProgressAsync(store);
        }

        await ended.CancelAsync();
        int acknowledged = (await Task.WhenAll(writing)).Sum();
        acknowledged.ShouldBeGreaterThan(0);
        BitConverter.ToInt32((await store.GetAsync(Key))!).ShouldBe(acknowledged);
        (await store.CountAsync(new(Prefix: "done/"u8.ToArray()))).ShouldBe(acknowledged);
    }

    [Fact]
    public async Task The_feed_reports_every_change_once_and_in_order_while_members_are_killed_and_stopped()
    {
        using EtcdStore store = await EtcdStores.OpenAsync(_members, "app");
        using IChangeSubscription feed = await store.SubscribeAsync(new(null, null), after: null, CancellationToken.None);
        IdempotencyKey session = new("session-0123456789", 0);
        int written = 0;
        foreach (EtcdMember member in _members)
        {
            await WriteAsync(50);
            await member.KillAsync();
            await WriteAsync(50);
            await member.StartAgainAsync();
            await WriteAsync(50);
            await member.Process.SuspendAsync();
            await WriteAsync(50);
            member.Process.Signal(ChildProcess.Continue);
        }

        for (int i = 0; i < written; i++)
        {
            (await feed.NextAsync()).ShouldBe($"put counter={i} last");
        }

        async Task WriteAsync(int times)
        {
            for (int i = 0; i < times; i++)
            {
                await store.WriteAsync(
                    batch => batch.Put(Key, Encoding.ASCII.GetBytes(written.ToString(CultureInfo.InvariantCulture))),
                    session with { Number = written });
                written++;
            }
        }
    }

    [Fact]
    public async Task Operations_go_to_the_leader_and_to_the_next_leader_after_it()
    {
        using EtcdStore store = await EtcdStores.OpenAsync(_members, "app");
        for (int round = 0; round < 2; round++)
        {
            EtcdMember leader = await LeaderAsync();
            await Waiting.UntilAsync("the leader is found", async () =>
            {
                await store.GetAsync(Key);
                return store.Member.Port == leader.Port;
            });
            await leader.KillAsync();
            await store.GetAsync(Key);
            store.Member.Port.ShouldNotBe(leader.Port);
            await leader.StartAgainAsync();
        }
    }

    [Fact]
    public async Task A_write_that_cannot_be_repeated_is_sent_only_once_a_member_leads_again()
    {
        using EtcdStore store = await EtcdStores.OpenAsync(_members, "app");
        EtcdMember leader = await LeaderAsync();
        await Waiting.UntilAsync("the leader is found", async () =>
        {
            await store.GetAsync(Key);
            return store.Member.Port == leader.Port;
        });
        EtcdMember[] others = [.. _members.Where(member => member != leader)];
        await Task.WhenAll(others.Select(member => member.Process.SuspendAsync()));
        await leader.KillAsync();
        Task<byte[]?> read = store.GetAsync(Key);
        await Waiting.UntilAsync("the store has noticed it", () => store.Member.Port != leader.Port);
        // They do not know yet that the leader is gone, and would send it the write.
        Task write = store.PutAsync(Key, "1"u8.ToArray(), sync: false).AsTask();
        Array.ForEach(others, member => member.Process.Signal(ChildProcess.Continue));
        await write;
        await read;
        (await store.GetAsync(Key)).ShouldBe("1"u8.ToArray());
    }

    [Fact]
    public async Task Without_a_majority_nothing_is_acknowledged_and_snapshots_survive_restarts()
    {
        using EtcdStore store = await EtcdStores.OpenAsync(_members, "app", new() { OperationTimeout = TimeSpan.FromSeconds(2) });
        await store.PutAsync(Key, "1"u8.ToArray(), sync: false);
        string snapshot = (await store.OpenSnapshotAsync(TimeSpan.FromMinutes(1), CancellationToken.None)).Id;
        await store.PutAsync(Key, "2"u8.ToArray(), sync: false);
        await _members[0].KillAsync();
        await _members[1].KillAsync();
        await store.GetAsync(Key).ShouldFailAsync(ErrorCodes.ConnectionLost);
        await store.WriteAsync(batch => batch.Put(Key, "3"u8), new IdempotencyKey("session-0123456789", 0)).AsTask()
            .ShouldFailAsync(ErrorCodes.ConnectionLost);
        await Task.WhenAll(_members[0].StartAgainAsync(), _members[1].StartAgainAsync());
        (await store.GetAsync(Key, snapshot)).ShouldBe("1"u8.ToArray());
        await store.WriteAsync(batch => batch.Put(Key, "4"u8), new IdempotencyKey("session-0123456789", 1));
        (await store.GetAsync(Key)).ShouldBe("4"u8.ToArray());
    }

    public async ValueTask InitializeAsync() => _members = await EtcdMember.StartThreeAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (EtcdMember member in _members)
        {
            await member.DisposeAsync();
        }
    }

    // How often this writer has counted on, each time by a compare and set with its own key beside it.
    private async Task<int> CountAsync(int writer, CancellationToken end)
    {
        using EtcdStore store = await EtcdStores.OpenAsync(_members, "app");
        int counted = 0;
        for (int n = 0; !end.IsCancellationRequested; n++)
        {
            byte[] seen = (await store.GetAsync(Key))!;
            try
            {
                await store.WriteAsync(
                    batch =>
                    {
                        batch.Check(Key, new(Wanted: true, [ETag.Of(seen)]));
                        batch.Put(Key, BitConverter.GetBytes(BitConverter.ToInt32(seen) + 1));
                        batch.Put(Encoding.ASCII.GetBytes($"done/{writer}/{n}"), default);
                    },
                    new IdempotencyKey($"session-of-writer-{writer}", n));
                counted++;
            }
            catch (RaveException lost) when (lost.Code == ErrorCodes.PreconditionFailed)
            {
            }
        }

        return counted;
    }

    // Until others have counted on.
    private static async Task ProgressAsync(EtcdStore store)
    {
        int seen = BitConverter.ToInt32((await store.GetAsync(Key))!);
        await Waiting.UntilAsync("the counter goes on", async () => BitConverter.ToInt32((await store.GetAsync(Key))!) > seen + 20);
    }

    private async Task<EtcdMember> LeaderAsync()
    {
        EtcdMember? leader = null;
        await Waiting.UntilAsync("a member leads", async () =>
        {
            foreach (EtcdMember member in _members)
            {
                leader = await member.IsLeaderAsync() ? member : leader;
            }

            return leader is not null;
        });
        return leader!;
    }
}
