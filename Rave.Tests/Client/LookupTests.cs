using Rave.Client;

namespace Rave.Tests.Client;

public sealed class LookupTests
{
    // This project treats warnings as errors, so it compiles only while the null analysis knows that a found value is not null.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_found_value_is_not_null_for_the_compiler(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        await db.PutAsync("key", "value");

        Length((await db.TryGetAsync("key")) is { Found: true, Value: var value } ? value : "").ShouldBe(5);
        Lookup<string> found = await db.TryGetAsync("key");
        Length(found.Found ? found.Value : "").ShouldBe(5);
        if (!found.Found)
        {
            throw new InvalidOperationException("It was written.");
        }

        Length(found.Value).ShouldBe(5);
        (bool isFound, string? none) = await db.TryGetAsync("none");
        (isFound, none).ShouldBe((false, null));
        (await db.TryGetAsync("none") is { Found: true }).ShouldBeFalse();

        static int Length(string text) => text.Length;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reading_many_distinguishes_a_missing_number_from_zero(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        Sublevel<string, long> numbers = shared.Db.Sublevel("numbers", Encodings.Int64);
        await numbers.BatchAsync([BatchOperation.Put("zero", 0L), BatchOperation.Put("one", 1L)]);

        (await numbers.GetManyAsync(["zero", "none", "one"])).ShouldBe([0, 0, 1]);
        Lookup<long>[] found = await numbers.TryGetManyAsync(["zero", "none", "one", "zero"]);
        found.ShouldBe([new(0), default, new(1), new(0)]);
        found.Select(lookup => lookup.Found).ShouldBe([true, false, true, true]);
        (await numbers.TryGetManyAsync([])).ShouldBeEmpty();

        await using Snapshot snapshot = await shared.Db.SnapshotAsync();
        await numbers.DeleteAsync("zero");
        (await numbers.TryGetManyAsync(["zero"], new() { Snapshot = snapshot })).ShouldBe([new(0)]);
        (await numbers.TryGetManyAsync(["zero"])).ShouldBe([default]);
    }
}
