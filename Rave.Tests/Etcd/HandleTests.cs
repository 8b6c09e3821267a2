using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Etcd;

// A program's handle on a cluster.
[Collection(EtcdSuite.Name)]
public sealed class HandleTests(SharedMember shared)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Two_handles_share_a_database_without_a_leader()
    {
        string location = await LocationAsync();
        await using RaveLevel one = await RaveLevel.OpenAsync(location);
        await using RaveLevel<string, long> other = await RaveLevel.OpenAsync(location, Encodings.Utf8, Encodings.Int64);
        await one.Sublevel("numbers", Encodings.Int64).PutAsync("n", 1);
        Sublevel<string, long> numbers = other.Sublevel("numbers", Encodings.Int64);
        (await numbers.CompareAndSetAsync("n", 1, 2)).ShouldBeTrue();
        (await numbers.CompareAndSetAsync("n", 1, 3)).ShouldBeFalse();
        (await one.Sublevel("numbers", Encodings.Int64).GetAsync("n")).ShouldBe(2);

        one.StorageEngine.ShouldBe("etcd");
        one.Location.ShouldBe(location);
        one.IsLeader.ShouldBeFalse();
        one.LeaderInfo.ShouldBeNull();
        await ShouldFailAsync(one.StepDownAsync(), ErrorCodes.NotSupported);
        await ShouldFailAsync(one.GetPropertyAsync("leveldb.stats").AsTask(), ErrorCodes.NotSupported);
        await ShouldFailAsync(one.CompactRangeAsync().AsTask(), ErrorCodes.NotSupported);
    }

    [Fact]
    public async Task Thousands_of_concurrent_puts_share_transactions_and_a_feed_reports_each_of_them()
    {
        string location = await LocationAsync();
        await using RaveLevel db = await RaveLevel.OpenAsync(location);
        await using IAsyncEnumerator<Change<string, string>> feed = db.ChangesAsync().GetAsyncEnumerator(None);
        (await feed.MoveNextAsync()).ShouldBeTrue();
        feed.Current.Kind.ShouldBe(ChangeKind.Gap);

        string[] keys = [.. Enumerable.Range(0, 5_000).Select(i => $"{i:0000}")];
        await Task.WhenAll(keys.Select(key => db.PutAsync(key, $"value of {key}").AsTask()));

        HashSet<string> reported = [];
        while (reported.Count < keys.Length)
        {
            (await feed.MoveNextAsync()).ShouldBeTrue();
            feed.Current.Value.ShouldBe($"value of {feed.Current.Key}");
            reported.Add(feed.Current.Key);
        }

        (await db.Keys().ToArrayAsync(None)).ShouldBe(keys);
        (await db.GetManyAsync(keys)).ShouldAllBe(value => value != null);
        (await db.CountAsync()).ShouldBe(keys.Length);
        await db.ClearAsync(new() { Lt = "4999" });
        (await db.Keys().ToArrayAsync(None)).ShouldBe(["4999"]);
    }

    [Fact]
    public async Task Opening_may_take_longer_than_an_operation()
    {
        await using RaveLevel db = await RaveLevel.OpenAsync(
            await LocationAsync(), new() { OperationTimeout = TimeSpan.FromTicks(1), OpenTimeout = Waiting.Patience });
        await ShouldFailAsync(db.GetAsync("a").AsTask(), ErrorCodes.ConnectionLost);
    }

    [Fact]
    public async Task The_error_of_a_failed_open_says_what_to_do()
    {
        (await Should.ThrowAsync<ArgumentException>(RaveLevel.OpenAsync("nats://host/app"))).Message.ShouldContain("RaveEtcd.Register");
        string location = await LocationAsync();
        await ShouldFailAsync(RaveLevel.OpenAsync(location, new() { CreateIfMissing = false }), ErrorCodes.DatabaseNotOpen);
        await (await RaveLevel.OpenAsync(location, new() { ErrorIfExists = true })).CloseAsync();
        await ShouldFailAsync(RaveLevel.OpenAsync(location, new() { ErrorIfExists = true }), ErrorCodes.DatabaseNotOpen);
    }

    private async Task<string> LocationAsync()
    {
        RaveEtcd.Register();
        return $"etcd://127.0.0.1:{(await shared.MemberAsync()).Port}/{EtcdStores.NewName()}";
    }

    private static async Task ShouldFailAsync(Task task, string code) => (await Should.ThrowAsync<RaveException>(task)).Code.ShouldBe(code);
}
