using Rave.Client;
using Rave.Server.Engine;
using Rave.Server.LevelDb;
using Rave.Server.Storage;
using Rave.Tests.Harness;

namespace Rave.Tests.Storage;

public sealed class StoreTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_clear_deletes_oversized_keys_that_another_program_stored()
    {
        using (LevelDatabase database = LevelDatabase.Open(_directory.Path, new(), create: true))
        {
            database.Put(new byte[100_000], [1], sync: false);
        }

        await using LevelStore store = Open();
        await store.ClearAsync(new Scan(), sync: false, CancellationToken.None);
        store.Count(RangeBounds.All.ToRange(), CancellationToken.None).ShouldBe(0);
    }

    [Fact]
    public async Task A_cancelled_clear_keeps_the_keys_that_it_had_not_reached()
    {
        await using LevelStore store = Open();
        await store.PutAsync(new byte[] { 1 }, new byte[] { 1 }, sync: false);
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await store.ClearAsync(new Scan(), sync: false, cancelled.Token));
        store.Has([1]).ShouldBeTrue();
    }

    [Fact]
    public async Task A_scan_after_its_last_key_is_at_its_end()
    {
        await using LevelStore store = Open();
        await store.PutAsync(new byte[] { 1 }, new byte[] { 2 }, sync: false);
        Scan scan = new();
        store.ReadPage(scan.After([1], delivered: 1), 10, (_, _) => throw new InvalidOperationException("nothing is left")).ShouldBeNull();
    }

    [Fact]
    public async Task Many_reads_see_the_same_state()
    {
        await using LevelStore store = Open();
        byte[][] keys = [.. Enumerable.Range(0, 100).Select(i => new[] { (byte)i })];
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task writing = Task.Run(async () =>
        {
            for (byte round = 0; !end.IsCancellationRequested; round++)
            {
                using StoreBatch batch = new(store.Limits);
                Array.ForEach(keys, key => batch.Put(key, [round]));
                await store.WriteAsync(batch, sync: false);
                begun.TrySetResult();
            }
        });
        await begun.Task;
        HashSet<byte> moments = [];
        // Reads until enough of them have shown different states.
        while (moments.Count < 20)
        {
            List<byte> values = [];
            store.GetMany(keys, (_, value) => values.Add(value![0]));
            moments.Add(values.Distinct().ShouldHaveSingleItem());
        }

        await end.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task Concurrent_writes_are_all_applied_and_those_of_one_caller_in_order()
    {
        await using LevelStore store = Open();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            for (int i = 0; i < 200; i++)
            {
                using StoreBatch batch = new(store.Limits);
                batch.Put([(byte)writer], [(byte)i]).Put([(byte)writer, (byte)i], new byte[i % 10 == 0 ? 100_000 : 10]);
                await store.WriteAsync(batch, sync: i % 50 == 0);
            }
        })));
        store.Count(RangeBounds.All.ToRange(), CancellationToken.None).ShouldBe(16 * 201);
        for (int writer = 0; writer < 16; writer++)
        {
            store.Get([(byte)writer]).ShouldBe([199]);
        }
    }

    [Fact]
    public async Task A_closed_store_refuses_every_call()
    {
        LevelStore store = Open();
        await store.DisposeAsync();
        Should.Throw<RaveException>(() => store.Get([1])).Code.ShouldBe(ErrorCodes.DatabaseNotOpen);
        Should.Throw<RaveException>(() => store.HasMany([[1]])).Code.ShouldBe(ErrorCodes.DatabaseNotOpen);
        Should.Throw<RaveException>(() => store.ReadPage(new Scan(), 1, (_, _) => { })).Code.ShouldBe(ErrorCodes.DatabaseNotOpen);
        Should.Throw<RaveException>(() => store.Count(RangeBounds.All.ToRange(), CancellationToken.None)).Code
            .ShouldBe(ErrorCodes.DatabaseNotOpen);
        (await Should.ThrowAsync<RaveException>(async () => await store.PutAsync(new byte[] { 1 }, new byte[] { 1 }, sync: false))).Code
            .ShouldBe(ErrorCodes.DatabaseNotOpen);
    }

    [Fact]
    public async Task A_store_that_is_closed_during_running_calls_closes()
    {
        for (int round = 0; round < 20; round++)
        {
            LevelStore store = Open();
            Task[] callers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => UseUntilClosedAsync(store)))];
            await store.PutAsync(new byte[] { 1 }, new byte[] { 1 }, sync: false);
            await store.DisposeAsync().AsTask().Soon();
            await Task.WhenAll(callers).Soon();
        }
    }

    private static async Task UseUntilClosedAsync(LevelStore store)
    {
        try
        {
            while (true)
            {
                store.Count(RangeBounds.All.ToRange(), CancellationToken.None);
                store.HasMany([[1], [2]]);
                store.ReadPage(new Scan { Reverse = true }, 1, (_, _) => { });
                await store.PutAsync(new byte[] { 2 }, new byte[] { 1 }, sync: false);
            }
        }
        catch (RaveException closed) when (closed.Code == ErrorCodes.DatabaseNotOpen)
        {
            // As it should be.
        }
    }

    private LevelStore Open() => LevelStore.Open(_directory.Path, new(), create: true, new Limits(), TimeProvider.System);
}
