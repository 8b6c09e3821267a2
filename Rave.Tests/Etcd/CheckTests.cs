using Rave.Client;
using Rave.Etcd;
using Rave.Server.Protocol;
using Rave.Tests.Storage;

namespace Rave.Tests.Etcd;

// Preconditions of a batch compare the entries before the batch.
[Collection(EtcdSuite.Name)]
public sealed class CheckTests(SharedMember member)
{
    private static readonly byte[] Key = "k"u8.ToArray();
    private static readonly byte[] One = "1"u8.ToArray();
    private static readonly byte[] Two = "2"u8.ToArray();
    private static readonly Precondition IsOne = new(Wanted: true, [ETag.Of(One)]);
    private static readonly Precondition IsNotOne = new(Wanted: false, [ETag.Of(One)]);

    [Fact]
    public async Task A_put_is_applied_if_its_condition_holds()
    {
        using EtcdStore store = await member.OpenAsync();
        await ShouldFail(store, Precondition.Exists);
        await ShouldFail(store, IsOne);
        await store.PutAsync(Key, One, sync: false, Precondition.Missing);
        await ShouldFail(store, Precondition.Missing);
        await ShouldFail(store, IsNotOne);
        await store.PutAsync(Key, Two, sync: false, Precondition.Exists, IsOne);
        await ShouldFail(store, IsOne);
        await store.PutAsync(Key, One, sync: false, IsNotOne);
        await store.DeleteAsync(Key, sync: false, new Precondition(Wanted: true, [ETag.Of(Two), ETag.Of(One)]));
        store.Has(Key).ShouldBeFalse();
        await store.PutAsync(Key, One, sync: false, IsNotOne);
    }

    [Fact]
    public async Task A_batch_with_a_check_that_fails_writes_nothing_and_names_the_key()
    {
        using EtcdStore store = await member.OpenAsync();
        await store.PutAsync("a"u8.ToArray(), One, sync: false);
        await store.WriteAsync(batch =>
        {
            batch.Put("x"u8, One);
            batch.Check("a"u8, IsOne);
            batch.Check("b"u8, Precondition.Exists);
        }).AsTask().ShouldFailAsync(ErrorCodes.PreconditionFailed, "key 'b'");
        (await store.CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_batch_of_only_checks_compares_the_stored_entries()
    {
        using EtcdStore store = await member.OpenAsync();
        for (int i = 0; i < 200; i++)
        {
            await store.PutAsync(Key, BitConverter.GetBytes(i), sync: false);
            Precondition now = new(Wanted: true, [ETag.Of(BitConverter.GetBytes(i))]);
            await store.WriteAsync(batch => batch.Check(Key, now));
            await store.WriteAsync(batch => batch.Check(Key, Precondition.Missing)).AsTask().ShouldFailAsync(ErrorCodes.PreconditionFailed);
        }
    }

    [Fact]
    public async Task When_many_increment_by_ETag_one_of_them_wins_each_step()
    {
        using EtcdStore store = await member.OpenAsync();
        await store.PutAsync(Key, BitConverter.GetBytes(0), sync: false);
        int won = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (int tries = 0; tries < 50; tries++)
            {
                byte[] seen = (await store.GetAsync(Key))!;
                try
                {
                    byte[] next = BitConverter.GetBytes(BitConverter.ToInt32(seen) + 1);
                    await store.PutAsync(Key, next, sync: false, new Precondition(Wanted: true, [ETag.Of(seen)]));
                    Interlocked.Increment(ref won);
                }
                catch (RaveException lost) when (lost.Code == ErrorCodes.PreconditionFailed)
                {
                }
            }
        }));
        won.ShouldBeGreaterThan(0);
        BitConverter.ToInt32((await store.GetAsync(Key))!).ShouldBe(won);
    }

    [Fact]
    public async Task Rewriting_the_same_value_does_not_fail_a_conditional_write()
    {
        using EtcdStore store = await member.OpenAsync();
        await store.PutAsync(Key, One, sync: false);
        using CancellationTokenSource ended = new();
        Task writer = Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
            {
                await store.PutAsync(Key, One, sync: false);
            }
        });
        for (int i = 0; i < 50; i++)
        {
            await store.WriteAsync(batch =>
            {
                batch.Check(Key, IsOne);
                batch.Put("other"u8, Two);
            });
        }

        ended.Cancel();
        await writer;
    }

    private static Task ShouldFail(EtcdStore store, Precondition precondition) =>
        store.PutAsync(Key, "never"u8.ToArray(), sync: false, precondition).AsTask().ShouldFailAsync(ErrorCodes.PreconditionFailed);
}
