using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// How the calls look to a .NET programmer.
public sealed class SurfaceTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_condition_on_a_value_compares_its_bytes(bool leads)
    {
        using TempDirectory directory = new();
        await using RaveLevel first = await RaveLevel.OpenAsync(directory.Path);
        await using RaveLevel? second = leads ? null : await RaveLevel.OpenAsync(directory.Path);
        RaveLevel db = second ?? first;
        await db.PutAsync("a", "1");
        (await db.PutIfAsync("a", "2", Condition.ValueIs("0"))).ShouldBeFalse();
        (await db.PutIfAsync("a", "2", Condition.ValueIs("1"))).ShouldBeTrue();
        (await db.GetAsync("a")).ShouldBe("2");
        Sublevel<string, long> numbers = db.Sublevel("n", Encodings.Int64);
        await numbers.PutAsync("a", 1);
        (await numbers.DeleteIfAsync("a", Condition.ValueIs(1L))).ShouldBeTrue();
        (await Should.ThrowAsync<ArgumentException>(numbers.DeleteIfAsync("a", Condition.ValueIs("1")).AsTask())).Message
            .ShouldContain("Int64");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_operations_of_a_batch_need_no_type_arguments(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        await db.BatchAsync([BatchOperation.Put("a", "1"), BatchOperation.Put("b", "2"), BatchOperation.Delete("a")]);
        (await db.Iterate().ToArrayAsync()).ShouldBe([new("b", "2")]);
        string[] keys = ["b", "c"];
        await db.BatchAsync(keys.Select(BatchOperation.Delete<string, string>), new() { Sync = true });
        (await db.CountAsync()).ShouldBe(0);

        BatchOperation<string, string> delete = BatchOperation.Delete("a");
        delete.ShouldBe(BatchOperation.Delete<string, string>("a"));
        (delete.IsPut, delete.Key, delete.Value).ShouldBe((false, "a", null));
        BatchOperation<string, string> put = BatchOperation.Put("a", "1");
        (put.IsPut, put.Key, put.IsPut ? put.Value.Length : 0).ShouldBe((true, "a", 1));
        ArgumentNullException refusal = await Should.ThrowAsync<ArgumentNullException>(
            async () => await db.BatchAsync([default(BatchDelete<string>)]));
        refusal.ParamName.ShouldBe("key");
    }

    [Fact]
    public async Task Calls_accept_a_token_directly_after_their_arguments()
    {
        using TempDirectory directory = new();
        await using RaveLevel db = await RaveLevel.OpenAsync(directory.Path);
        using CancellationTokenSource source = new();
        CancellationToken token = source.Token;
        await db.PutAsync("a", "1", token);
        (await db.GetAsync("a", token)).ShouldBe("1");
        (await db.TryGetAsync("a", token)).ShouldBe(new Lookup<string>("1"));
        (await db.HasAsync("a", token)).ShouldBeTrue();
        (await db.GetManyAsync(["a", "b"], token)).ShouldBe(["1", null]);
        (await db.TryGetManyAsync(["a", "b"], token)).ShouldBe([new("1"), default]);
        (await db.HasManyAsync(["a", "b"], token)).ShouldBe([true, false]);
        (await db.PutIfAsync("a", "2", Condition.Exists, token)).ShouldBeTrue();
        (await db.DeleteIfAsync("a", Condition.Missing, token)).ShouldBeFalse();
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(db.DeleteAsync("a", token).AsTask());
        // With options, the overload with options is chosen.
        await db.PutAsync("b", "1", new() { Sync = true });
        (await db.GetAsync("a")).ShouldBe("2");
    }

    [Fact]
    public void Ranges_and_conditions_can_be_read()
    {
        new RangeOptions<string>().ToString().ShouldBe("all");
        new RangeOptions<string> { Gte = "a", Lt = "b", Reverse = true, Limit = 10 }.ToString()
            .ShouldBe("gte: a, lt: b, reverse, limit: 10");
        new RangeOptions<long> { Gt = 0, Limit = -1 }.ToString().ShouldBe("gt: 0");
        Condition.Exists.ToString().ShouldBe("exists");
        Condition.Missing.ToString().ShouldBe("missing");
        Condition.ValueIs(7).ToString().ShouldBe("value is 7");
        Condition.ETag("\"0f\"").ToString().ShouldBe("etag is \"0f\"");
        default(Condition).ToString().ShouldBe("none");
    }
}
