using Rave.Client;

namespace Rave.Tests.Client;

public sealed partial class SublevelTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sublevel_stores_its_keys_after_its_prefix_as_abstract_level_does(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        Sublevel<string, string> users = shared.Db.Sublevel("users");
        Sublevel<string, string> nested = users.Sublevel("!admins!");
        await users.PutAsync("ada", "1");
        await nested.PutAsync("", "2");

        users.Prefix.ShouldBe("!users!");
        nested.Prefix.ShouldBe("!users!!admins!");
        nested.Path.ShouldBe(["users", "admins"]);
        (await shared.Db.Keys().ToArrayAsync()).ShouldBe(["!users!!admins!", "!users!ada"]);
        (await users.GetAsync("ada")).ShouldBe("1");
        (await nested.GetAsync("")).ShouldBe("2");
        (await shared.Db.GetAsync("ada")).ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ranges_counts_and_clears_stay_in_their_sublevel(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        Sublevel<string, string> b = shared.Db.Sublevel("b");
        foreach (Sublevel<string, string> level in (Sublevel<string, string>[])[shared.Db.Sublevel("a"), b, shared.Db.Sublevel("c")])
        {
            await level.BatchAsync("xyz".Select(key => BatchOperation.Put($"{key}", level.Prefix)));
        }

        (await b.Keys().ToArrayAsync()).ShouldBe(["x", "y", "z"]);
        (await b.Keys(new() { Reverse = true, Gt = "x" }).ToArrayAsync()).ShouldBe(["z", "y"]);
        (await b.Values(new() { Lte = "y" }).ToArrayAsync()).ShouldBe(["!b!", "!b!"]);
        (await b.Keys(new() { Prefix = "y" }).ToArrayAsync()).ShouldBe(["y"]);
        (await b.CountAsync()).ShouldBe(3);
        await b.ClearAsync();
        (await shared.Db.CountAsync()).ShouldBe(6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_batch_across_sublevels_is_one(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        Sublevel<long, Guid> numbers = db.Sublevel("numbers", Encodings.Int64, Encodings.Guid);
        Guid id = Guid.NewGuid();
        await db.Batch().Put("a", "1").Put(numbers, -1, id).Put(numbers, 1, id).Delete(numbers, 1).WriteAsync();
        (await numbers.Iterate().ToArrayAsync()).ShouldBe([new(-1, id)]);

        await using RaveLevel other = await RaveLevel.OpenAsync(db.Location);
        Should.Throw<ArgumentException>(() => other.Batch().Put(numbers, 1, id));
    }

    [Theory]
    [InlineData("wörter")]
    [InlineData("a b")]
    [InlineData("a\"b")]
    [InlineData("a~\u007f")]
    public async Task A_name_that_would_not_sort_is_refused(string name)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads: true);
        Should.Throw<RaveException>(() => shared.Db.Sublevel(name)).Code.ShouldBe("LEVEL_INVALID_PREFIX");
    }

    [Fact]
    public async Task A_sublevel_is_closed_with_its_database()
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads: true);
        Sublevel<string, string> users = shared.Db.Sublevel("users");
        await shared.Db.CloseAsync();
        (await users.GetAsync("a").AsTask().ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_DATABASE_NOT_OPEN");
    }
}
