using Rave.Client;

namespace Rave.Tests.Client;

public sealed class ConditionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_happens_only_if_its_condition_holds(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        (await db.PutIfAsync("a", "1", Condition.Exists)).ShouldBeFalse();
        (await db.PutIfAbsentAsync("a", "1")).ShouldBeTrue();
        (await db.PutIfAbsentAsync("a", "2")).ShouldBeFalse();
        (await db.CompareAndSetAsync("a", "0", "2")).ShouldBeFalse();
        (await db.CompareAndSetAsync("a", "1", "2")).ShouldBeTrue();
        (await db.PutIfAsync("a", "3", Condition.ETag(db.ETagOf("2")))).ShouldBeTrue();
        (await db.DeleteIfAsync("a", Condition.ETag(db.ETagOf("2")))).ShouldBeFalse();
        (await db.GetAsync("a")).ShouldBe("3");
        (await db.DeleteIfAsync("a", Condition.Exists)).ShouldBeTrue();
        (await db.HasAsync("a")).ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_batch_whose_check_fails_writes_nothing(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        Sublevel<string, string> index = db.Sublevel("index");
        await db.Batch().Check("a", Condition.Missing).Check(index, "1", Condition.Missing).Put("a", "1").Put(index, "1", "a").WriteAsync();
        RaveException failure = await db.Batch().Put("b", "2").Check(index, "1", Condition.Missing).WriteAsync().AsTask()
            .ShouldThrowAsync<RaveException>();
        failure.Code.ShouldBe("LEVEL_PRECONDITION_FAILED");
        (await db.HasManyAsync(["a", "b"])).ShouldBe([true, false]);
    }

    [Fact]
    public async Task Concurrent_increments_by_compare_and_set_are_not_lost()
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads: true);
        await using RaveLevel second = await RaveLevel.OpenAsync(shared.Db.Location);
        await using RaveLevel third = await RaveLevel.OpenAsync(shared.Db.Location);
        await shared.Db.PutAsync("count", "0");
        await Task.WhenAll(((RaveLevel[])[shared.Db, second, third]).Select(IncrementAsync));
        (await second.GetAsync("count")).ShouldBe("150");
    }

    [Fact]
    public void A_condition_is_made_with_its_factories()
    {
        Should.Throw<ArgumentException>(() => Condition.ETag("unquoted"));
        Should.Throw<ArgumentException>(() => Condition.ETag("W/\"weak\""));
    }

    private static async Task IncrementAsync(RaveLevel db)
    {
        for (int i = 0; i < 50; i++)
        {
            string count;
            do
            {
                count = (await db.GetAsync("count"))!;
            }
            while (!await db.CompareAndSetAsync("count", count, $"{int.Parse(count) + 1}"));
        }
    }
}
