using System.Text;
using Rave.Etcd;
using Rave.Server.Protocol;
using Rave.Server.Storage;
using Rave.Tests.Storage;

namespace Rave.Tests.Etcd;

[Collection(EtcdSuite.Name)]
public sealed class ClearTests(SharedMember member)
{
    private static readonly IdempotencyKey Once = new("session-of-a-clear", 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clear_deletes_its_range_and_nothing_else(bool inSession)
    {
        using EtcdStore store = await FilledAsync(5_000);
        Scan scan = new() { Bounds = new(Gte: KeyOf(500), Lt: KeyOf(4_500)) };
        await store.ClearAsync(scan, sync: false, inSession ? new Once(Once) : null, CancellationToken.None);
        (await store.KeysAsync(new())).ShouldBe([.. Enumerable.Range(0, 500).Select(KeyOf), .. Enumerable.Range(4_500, 500).Select(KeyOf)]);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_clear_with_a_limit_deletes_exactly_its_limit_while_others_write(bool reverse, bool inSession)
    {
        using EtcdStore store = await FilledAsync(4_000);
        using CancellationTokenSource ended = new();
        int written = 0;
        Task writer = Task.Run(async () =>
        {
            // Between keys that are being deleted.
            for (int i = 0; !ended.IsCancellationRequested; i = (i + 37) % 4_000)
            {
                await store.PutAsync(Encoding.ASCII.GetBytes($"{i:d6}+{written++}"), default, sync: false);
            }
        });
        Scan scan = new() { Limit = 2_500, Reverse = reverse };
        await store.ClearAsync(scan, sync: false, inSession ? new Once(Once) : null, CancellationToken.None);
        ended.Cancel();
        await writer;
        (await store.CountAsync()).ShouldBe(4_000 + written - 2_500);
    }

    [Fact]
    public async Task A_clear_of_a_snapshot_deletes_its_keys_and_keeps_later_ones()
    {
        using EtcdStore store = await FilledAsync(2_000);
        string snapshot = (await store.OpenSnapshotAsync(TimeSpan.FromMinutes(1), CancellationToken.None)).Id;
        await store.PutAsync(Encoding.ASCII.GetBytes("000700x"), default, sync: false);
        await store.DeleteAsync(KeyOf(1_500), sync: false);
        await store.PutAsync(KeyOf(1_500), "again"u8.ToArray(), sync: false);
        await store.ClearAsync(new() { Snapshot = snapshot }, sync: false, new Once(Once), CancellationToken.None);
        (await store.KeysAsync(new())).ShouldBe([Encoding.ASCII.GetBytes("000700x")]);
    }

    [Fact]
    public async Task A_clear_that_is_sent_again_continues_at_the_progress_of_the_first_attempt()
    {
        using EtcdStore store = await FilledAsync(50_000);
        using CancellationTokenSource cut = new();
        using IChangeSubscription feed = await store.SubscribeAsync(new(null, null), after: null, CancellationToken.None);
        // It takes far longer than the first event needs.
        Scan scan = new() { Limit = 40_000 };
        Task first = store.ClearAsync(scan, sync: false, new Once(Once), cut.Token).AsTask();
        (await feed.NextAsync()).ShouldBe("del 000000");
        await cut.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        // Before the remaining part, and after the place of the clear.
        await store.PutAsync(KeyOf(0), default, sync: false);
        await store.ClearAsync(scan, sync: false, new Once(Once), CancellationToken.None);
        List<byte[]> left = await store.KeysAsync(new());
        left.ShouldBe([KeyOf(0), .. Enumerable.Range(40_000, 10_000).Select(KeyOf)]);
        await store.ClearAsync(scan, sync: false, new Once(Once), CancellationToken.None);
        (await store.KeysAsync(new())).ShouldBe(left, "it has ended, and is answered so");
        await store.WriteAsync(batch => batch.Put("x"u8, default), Once).AsTask().ShouldNotThrowAsync();
        store.Has("x"u8.ToArray()).ShouldBeFalse("its number is taken");
    }

    [Fact]
    public async Task Two_attempts_at_the_same_time_delete_as_much_as_one()
    {
        using EtcdStore store = await FilledAsync(6_000);
        Scan scan = new() { Limit = 4_500 };
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ =>
            store.ClearAsync(scan, sync: false, new Once(Once), CancellationToken.None).AsTask()));
        (await store.KeysAsync(new())).ShouldBe(Enumerable.Range(4_500, 1_500).Select(KeyOf));
    }

    private static byte[] KeyOf(int number) => Encoding.ASCII.GetBytes($"{number:d6}");

    private async Task<EtcdStore> FilledAsync(int keys)
    {
        EtcdStore store = await member.OpenAsync();
        await store.FillAsync(Enumerable.Range(0, keys).Select(number => (KeyOf(number), "value"u8.ToArray())));
        return store;
    }
}
