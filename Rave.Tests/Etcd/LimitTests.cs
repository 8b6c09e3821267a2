using Rave.Client;
using Rave.Etcd;
using Rave.Tests.Storage;

namespace Rave.Tests.Etcd;

// Requests above a limit of the cluster are refused by us or by the cluster, and the error names the flag to change.
[Collection(EtcdSuite.Name)]
public sealed class LimitTests(SharedMember member)
{
    // More than the member was started with: nothing is refused here.
    private static readonly EtcdOptions Loose = new() { MaxRequestBytes = 64 << 20, MaxTransactionOperations = 1_000 };

    [Fact]
    public async Task A_value_of_1_MiB_fits_and_a_larger_one_is_refused()
    {
        using EtcdStore store = await member.OpenAsync();
        await store.PutAsync("a"u8.ToArray(), new byte[1 << 20], sync: false);
        (await store.GetAsync("a"u8.ToArray()))!.Length.ShouldBe(1 << 20);
        await store.PutAsync("a"u8.ToArray(), new byte[(1 << 20) + 1], sync: false).AsTask()
            .ShouldFailAsync(ErrorCodes.TooLarge, "--max-request-bytes");
    }

    [Fact]
    public async Task Batches_of_too_many_bytes_or_operations_are_refused()
    {
        using EtcdStore store = await member.OpenAsync();
        await store.WriteAsync(batch =>
        {
            batch.Put("a"u8, new byte[1 << 20]);
            batch.Put("b"u8, new byte[1 << 20]);
        }).AsTask().ShouldFailAsync(ErrorCodes.TooLarge, "--max-request-bytes");
        await Many(store, 126).ShouldFailAsync(ErrorCodes.TooLarge, "--max-txn-ops");
        await Many(store, 125);
    }

    [Fact]
    public async Task A_refusal_by_the_cluster_has_the_same_code_and_names_the_same_flag()
    {
        using EtcdStore store = await member.OpenAsync(Loose);
        await store.PutAsync("a"u8.ToArray(), new byte[1_572_864], sync: false).AsTask()
            .ShouldFailAsync(ErrorCodes.TooLarge, "--max-request-bytes");
        await store.PutAsync("a"u8.ToArray(), new byte[4 << 20], sync: false).AsTask()
            .ShouldFailAsync(ErrorCodes.TooLarge, "--max-request-bytes");
        await Many(store, 200).ShouldFailAsync(ErrorCodes.TooLarge, "--max-txn-ops");
    }

    private static Task Many(EtcdStore store, int operations) => store.WriteAsync(batch =>
    {
        for (int i = 0; i < operations; i++)
        {
            batch.Put(BitConverter.GetBytes(i), default);
        }
    }).AsTask();
}
