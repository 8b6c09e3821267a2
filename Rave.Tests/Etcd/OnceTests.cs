using Rave.Client;
using Rave.Etcd;
using Rave.Server.Protocol;
using Rave.Server.Storage;
using Rave.Tests.Storage;

namespace Rave.Tests.Etcd;

// Writes with an idempotency key: applied once, refused for good, answered alike by every store over the cluster.
[Collection(EtcdSuite.Name)]
public sealed class OnceTests(SharedMember member)
{
    private static readonly byte[] Key = "k"u8.ToArray();
    private static readonly byte[] One = "1"u8.ToArray();

    [Fact]
    public async Task A_write_that_is_sent_again_is_not_applied_again_by_any_store()
    {
        string name = EtcdStores.NewName();
        EtcdMember[] members = [await member.MemberAsync()];
        using EtcdStore store = await EtcdStores.OpenAsync(members, name);
        using EtcdStore other = await EtcdStores.OpenAsync(members, name);
        Once first = new(Number(1)) { ETag = "\"first\"" };
        await store.WriteAsync(batch => batch.Put(Key, One), first);
        await store.DeleteAsync(Key, sync: false);
        foreach (EtcdStore again in new[] { store, other })
        {
            Once second = new(Number(1)) { ETag = "\"second\"" };
            await again.WriteAsync(batch => batch.Put(Key, One), second);
            second.ETag.ShouldBe("\"first\"", "the answer is that of the first time");
            store.Has(Key).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_refused_write_stays_refused_when_its_condition_holds_later()
    {
        using EtcdStore store = await member.OpenAsync();
        await store.PutAsync(Key, One, sync: false);
        Action<OperationBatch>[] refused =
        [
            batch => { batch.Check(Key, Precondition.Missing); batch.Put(Key, One); },
            batch => { batch.Check(Key, new(Wanted: true, ["\"other\""])); batch.Put(Key, One); },
            batch => { batch.Check(Key, new(Wanted: false, [ETag.Of(One)])); batch.Put(Key, One); },
        ];
        for (int i = 0; i < refused.Length; i++)
        {
            await store.WriteAsync(refused[i], Number(i)).AsTask().ShouldFailAsync(ErrorCodes.PreconditionFailed, "key 'k'");
        }

        await store.DeleteAsync(Key, sync: false);
        await store.WriteAsync(refused[2], Number(2)).AsTask().ShouldFailAsync(ErrorCodes.PreconditionFailed, "key 'k'");
        await store.WriteAsync(refused[0], Number(0)).AsTask().ShouldFailAsync(ErrorCodes.StaleRetry);
        store.Has(Key).ShouldBeFalse();
    }

    [Fact]
    public async Task A_write_before_the_last_one_is_stale_and_one_with_conditions_is_applied_once()
    {
        using EtcdStore store = await member.OpenAsync();
        await store.PutAsync(Key, One, sync: false);
        void Add(OperationBatch batch)
        {
            batch.Check(Key, new(Wanted: true, [ETag.Of(One)]));
            batch.Check("new"u8, Precondition.Missing);
            batch.Put("new"u8, One);
        }

        await store.WriteAsync(Add, Number(7));
        await store.WriteAsync(Add, Number(7));
        await store.WriteAsync(Add, Number(6)).AsTask().ShouldFailAsync(ErrorCodes.StaleRetry);
        await store.WriteAsync(Add, Number(8)).AsTask().ShouldFailAsync(ErrorCodes.PreconditionFailed);
    }

    [Fact]
    public async Task Of_several_copies_at_the_same_time_one_is_applied()
    {
        using EtcdStore store = await member.OpenAsync();
        for (int n = 0; n < 20; n++)
        {
            IdempotencyKey once = Number(n);
            byte[] seen = await store.GetAsync(Key) ?? BitConverter.GetBytes(0);
            Precondition asSeen = n == 0 ? Precondition.Missing : new(Wanted: true, [ETag.Of(seen)]);
            await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => store.WriteAsync(
                batch =>
                {
                    batch.Check(Key, asSeen);
                    batch.Put(Key, BitConverter.GetBytes(BitConverter.ToInt32(seen) + 1));
                },
                once).AsTask()));
            BitConverter.ToInt32((await store.GetAsync(Key))!).ShouldBe(n + 1);
        }
    }

    [Fact]
    public async Task A_session_that_was_ended_starts_again()
    {
        using EtcdStore store = await member.OpenAsync();
        await store.WriteAsync(batch => batch.Put(Key, One), Number(5));
        await store.EndSessionAsync(Number(5).Session, CancellationToken.None);
        await store.WriteAsync(batch => batch.Delete(Key), Number(1));
        store.Has(Key).ShouldBeFalse();
    }

    [Fact]
    public async Task Records_are_not_shown_as_entries_or_changes()
    {
        using EtcdStore store = await member.OpenAsync();
        using IChangeSubscription feed = await store.SubscribeAsync(new(null, null), after: null, CancellationToken.None);
        await store.WriteAsync(batch => batch.Delete(Key), Number(1));
        await store.WriteAsync(batch => batch.Put(Key, One), Number(2));
        (await feed.NextAsync()).ShouldBe("put k=1 last");
        (await store.KeysAsync(new())).ShouldBe([Key]);
    }

    [Fact]
    public async Task A_batch_with_the_maximum_of_operations_and_checks_fits_in_a_session()
    {
        using EtcdStore store = await member.OpenAsync();
        int most = store.Limits.BatchOperations;
        most.ShouldBe(125);
        void Fill(OperationBatch batch, int operations)
        {
            for (int i = 0; i < operations; i++)
            {
                batch.Check(BitConverter.GetBytes(i), Precondition.Missing);
                batch.Put(BitConverter.GetBytes(i), One);
            }
        }

        await store.WriteAsync(batch => Fill(batch, most), Number(1));
        (await store.CountAsync()).ShouldBe(most);
        await store.WriteAsync(batch => Fill(batch, most + 1), Number(2)).AsTask().ShouldFailAsync(ErrorCodes.TooLarge, "--max-txn-ops");
    }

    private static IdempotencyKey Number(long n) => new("session-0123456789", n);
}
