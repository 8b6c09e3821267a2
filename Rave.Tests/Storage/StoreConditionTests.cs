using Rave.Client;
using Rave.Server.Engine;
using Rave.Server.Protocol;
using Rave.Tests.Harness;

namespace Rave.Tests.Storage;

// The step that decides a write, among writes that wait and are merged.
public sealed class StoreConditionTests : IDisposable
{
    private static readonly byte[] Key = [1];

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_conditional_write_sees_every_write_that_was_queued_before_it()
    {
        await using LevelStore store = Open();
        await store.PutAsync(Key, new byte[] { 0 }, sync: false);
        for (byte round = 0; round < 100; round++)
        {
            // All wait behind the first write, which is slow. Each condition must see the result of the write before it.
            byte[] value = [round];
            byte[] next = [(byte)(round + 1)];
            Task[] writes =
            [
                store.PutAsync(new byte[] { 2 }, new byte[100_000], sync: true).AsTask(),
                store.PutAsync(Key, new byte[] { 200 }, sync: false).AsTask(),
                store.PutAsync(Key, new byte[] { 201 }, sync: false, Is(value)).AsTask(),
                store.PutAsync(Key, new byte[] { 202 }, sync: false, Is([200])).AsTask(),
                store.DeleteAsync(Key, sync: false).AsTask(),
                store.PutAsync(Key, new byte[] { 203 }, sync: false, Precondition.Exists).AsTask(),
                store.PutAsync(Key, next, sync: false, Precondition.Missing).AsTask(),
            ];
            await Task.WhenAll(writes).ContinueWith(_ => { }, TaskScheduler.Default);
            writes.Select(Code).ShouldBe([null, null, ErrorCodes.PreconditionFailed, null, null, ErrorCodes.PreconditionFailed, null]);
            store.Get(Key).ShouldBe(next);
        }
    }

    [Fact]
    public async Task A_failed_conditional_write_does_not_fail_its_neighbours()
    {
        await using LevelStore store = Open();
        Task[] writes = [.. Enumerable.Range(0, 300).Select(i => i % 3 == 1
            ? store.PutAsync(new byte[] { (byte)(i / 256), (byte)i }, Key, sync: false, Precondition.Exists).AsTask()
            : store.PutAsync(new byte[] { (byte)(i / 256), (byte)i }, Key, sync: i % 3 == 0).AsTask())];
        await Task.WhenAll(writes).ContinueWith(_ => { }, TaskScheduler.Default);
        for (int i = 0; i < writes.Length; i++)
        {
            Code(writes[i]).ShouldBe(i % 3 == 1 ? ErrorCodes.PreconditionFailed : null);
            store.Has([(byte)(i / 256), (byte)i]).ShouldBe(i % 3 != 1);
        }
    }

    [Fact]
    public async Task Increments_by_compare_and_set_are_not_lost_among_other_writes()
    {
        await using LevelStore store = Open();
        await store.PutAsync(Key, BitConverter.GetBytes(0), sync: false);
        using CancellationTokenSource done = new();
        Task noise = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await Task.WhenAll(Enumerable.Range(0, 8)
                    .Select(i => store.PutAsync(new byte[] { 2, (byte)i }, new byte[1000], sync: i == 0).AsTask()));
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 50; i += await TryIncrementAsync(store) ? 1 : 0)
            {
            }
        })));
        await done.CancelAsync();
        await noise;
        BitConverter.ToInt32(store.Get(Key)).ShouldBe(16 * 50);
    }

    [Fact]
    public async Task Conditional_writes_that_wait_when_the_store_closes_are_refused()
    {
        LevelStore store = Open();
        Task[] writes = [.. Enumerable.Range(0, 200)
            .Select(i => store.PutAsync(BitConverter.GetBytes(i), new byte[10_000], sync: true, Precondition.Missing).AsTask())];
        await store.DisposeAsync().AsTask().Soon();
        await Task.WhenAll(writes).ContinueWith(_ => { }, TaskScheduler.Default).Soon();
        writes.Select(Code).Where(code => code is not null).ShouldAllBe(code => code == ErrorCodes.DatabaseNotOpen);
    }

    private static async Task<bool> TryIncrementAsync(LevelStore store)
    {
        byte[] read = store.Get(Key)!;
        try
        {
            await store.PutAsync(Key, BitConverter.GetBytes(BitConverter.ToInt32(read) + 1), sync: false, Is(read));
            return true;
        }
        catch (RaveException refused) when (refused.Code == ErrorCodes.PreconditionFailed)
        {
            // Another writer was faster.
            return false;
        }
    }

    private static string? Code(Task write) => write.IsFaulted ? ((RaveException)write.Exception.InnerException!).Code : null;

    private static Precondition Is(byte[] value) => new(Wanted: true, [ETag.Of(value)]);

    private LevelStore Open() => LevelStore.Open(_directory.Path, new(), create: true, new Limits(), TimeProvider.System);
}
