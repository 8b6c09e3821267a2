using Rave.Client;

namespace Rave.Tests.Client;

// Every verb, on a leader and on a follower alike.
public sealed class VerbTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reading_distinguishes_none_from_empty(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        await db.PutAsync("empty", "");
        (await db.GetAsync("empty")).ShouldBe("");
        (await db.GetAsync("none")).ShouldBeNull();
        (await db.TryGetAsync("none")).Found.ShouldBeFalse();
        (await db.HasAsync("empty")).ShouldBeTrue();
        (await db.HasAsync("none")).ShouldBeFalse();
        (await db.GetManyAsync(["none", "empty"])).ShouldBe([null, ""]);
        (await db.HasManyAsync(["none", "empty"])).ShouldBe([false, true]);
        (await db.GetManyAsync([])).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_empty_key_and_odd_ones_are_keys_like_any_other(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        string[] keys = ["", " ", "%2F", "+", ".", "..", "/", "\0", "a/../b", "ä", "漢字"];
        foreach (string key in keys)
        {
            await shared.Db.PutAsync(key, $"value of {key}");
            (await shared.Db.GetAsync(key)).ShouldBe($"value of {key}");
        }

        (await shared.Db.Keys().ToArrayAsync()).ShouldBe(keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_batch_is_applied_in_order(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        await db.BatchAsync([]);
        await db.Batch().Put("a", "1").Put("b", "1").Delete("a").Put("b", "2").WriteAsync(new() { Sync = true });
        (await db.GetManyAsync(["a", "b"])).ShouldBe([null, "2"]);

        WriteBatch<string, string> batch = db.Batch().Put("c", "1");
        batch.Length.ShouldBe(1);
        batch.Clear().Length.ShouldBe(0);
        await batch.WriteAsync();
        Should.Throw<RaveException>(() => batch.Put("d", "1")).Code.ShouldBe("LEVEL_BATCH_NOT_OPEN");
        (await db.CountAsync()).ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Clear_deletes_what_its_range_says(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        await db.BatchAsync("abcdefgh".Select(c => BatchOperation.Put($"{c}", "1")));
        await db.ClearAsync(new() { Gt = "a", Lte = "c" });
        await db.ClearAsync(new() { Reverse = true, Limit = 2 });
        (await db.Keys().ToArrayAsync()).ShouldBe(["a", "d", "e", "f"]);
        await db.ClearAsync();
        (await db.CountAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Mistakes_are_refused_before_anything_happens(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        await Should.ThrowAsync<ArgumentNullException>(async () => await db.PutAsync(null!, "1"));
        await Should.ThrowAsync<ArgumentNullException>(async () => await db.PutAsync("a", null!));
        (await db.PutAsync(new string('k', 70_000), "1").AsTask().ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_TOO_LARGE");
        await db.Iterate(new() { Limit = -2 }).ToArrayAsync().AsTask().ShouldThrowAsync<ArgumentOutOfRangeException>();
        (await db.CountAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Values_that_are_not_of_the_encoding_name_their_key(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        await using RaveLevel<byte[], byte[]> bytes = await RaveLevel.OpenAsync(shared.Db.Location, Encodings.Bytes, Encodings.Bytes);
        await bytes.PutAsync("key"u8.ToArray(), [0xff]);
        RaveException failure = await shared.Db.GetAsync("key").AsTask().ShouldThrowAsync<RaveException>();
        failure.Code.ShouldBe("LEVEL_DECODE_ERROR");
        failure.Message.ShouldContain("'key'");
        (await bytes.GetAsync("key"u8.ToArray())).ShouldBe([0xff]);
    }
}
