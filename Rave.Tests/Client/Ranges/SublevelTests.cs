using Rave.Client;

namespace Rave.Tests.Client;

public sealed partial class SublevelTests(Subjects subjects) : IClassFixture<Subjects>
{
    [Theory, EverySubject]
    public async Task Its_keys_follow_its_prefix(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        Sublevel<string, string> inner = db.Sublevel("inner");
        await inner.PutAsync("a", "1");
        string path = db is Sublevel<string, string> outer ? outer.Prefix : "";
        inner.Prefix.ShouldBe($"{path}!inner!");
        (await db.GetAsync("!inner!a")).ShouldBe("1");
        (await subjects.HandleOf(subject).GetAsync($"{inner.Prefix}a")).ShouldBe("1");
        (await db.GetAsync("a")).ShouldBeNull();
    }

    [Theory, EverySubject]
    public async Task Two_of_one_name_are_the_same(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        await db.Sublevel("one").PutAsync("a", "1");
        (await db.Sublevel("one").GetAsync("a")).ShouldBe("1");
        (await db.Sublevel("!one!").GetAsync("a")).ShouldBe("1", "separators around a name are trimmed");
        (await db.Sublevel("two").GetAsync("a")).ShouldBeNull();
    }

    [Theory, EverySubject]
    public async Task Nested_ones_name_their_path(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        Sublevel<string, string> nested = db.Sublevel("one").Sublevel("two").Sublevel("three");
        string[] above = db is Sublevel<string, string> outer ? [.. outer.Path] : [];
        nested.Path.ShouldBe([.. above, "one", "two", "three"]);
        await nested.PutAsync("a", "1");
        (await db.Keys().ToArrayAsync()).ShouldBe(["!one!!two!!three!a"]);
        (await db.Sublevel("one").Keys().ToArrayAsync()).ShouldBe(["!two!!three!a"]);
    }

    [Theory, EverySubject]
    public async Task Neighbours_whose_names_begin_alike_do_not_mix(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        string[] names = ["a", "aa", "a#", "b"];
        foreach (string name in names)
        {
            await db.Sublevel(name).BatchAsync("xyz".Select(key => BatchOperation.Put($"{key}", name)));
        }

        foreach (string name in names)
        {
            (await db.Sublevel(name).Values().ToArrayAsync()).ShouldBe([name, name, name]);
        }

        await db.Sublevel("a").ClearAsync();
        (await db.Sublevel("aa").CountAsync()).ShouldBe(3);
        (await db.Sublevel("a").CountAsync()).ShouldBe(0);
        (await db.CountAsync()).ShouldBe(9);
    }

    [Theory]
    [EverySubject("ä")]
    [EverySubject("a b")]
    [EverySubject("a\"b")]
    [EverySubject("a!b")]
    [EverySubject("a\u007f")]
    [EverySubject("a\0")]
    [EverySubject("")]
    [EverySubject("!")]
    [EverySubject("!!!")]
    public void A_name_that_would_break_the_order_is_refused(Subject subject, string name) =>
        Should.Throw<RaveException>(() => subjects.LevelOf(subject).Sublevel(name)).Code.ShouldBe("LEVEL_INVALID_PREFIX");

    [Theory, EverySubject]
    public void A_null_name_or_encoding_is_refused(Subject subject)
    {
        AbstractLevel<string, string> db = subjects.LevelOf(subject);
        Should.Throw<ArgumentNullException>(() => db.Sublevel(null!));
        Should.Throw<ArgumentNullException>(() => db.Sublevel("a", Encodings.Utf8, (IEncoding<string>)null!));
        Should.Throw<ArgumentNullException>(() => db.Sublevel("a", (IEncoding<string>)null!, Encodings.Utf8));
    }

    [Theory, EverySubject]
    public async Task A_chosen_separator_surrounds_its_name(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        Sublevel<string, string> inner = db.Sublevel("inner", Encodings.Utf8, Encodings.Utf8, separator: '%');
        await inner.PutAsync("a", "1");
        (await db.Keys().ToArrayAsync()).ShouldBe(["%inner%a"]);
        Should.Throw<RaveException>(() => db.Sublevel("a%b", Encodings.Utf8, Encodings.Utf8, separator: '%')).Code
            .ShouldBe("LEVEL_INVALID_PREFIX");
        Should.Throw<RaveException>(() => db.Sublevel("a#b", Encodings.Utf8, Encodings.Utf8, separator: '%')).Code
            .ShouldBe("LEVEL_INVALID_PREFIX");
    }

    [Theory, EverySubject]
    public async Task Ranges_contain_only_its_keys(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        Sublevel<string, string> inner = db.Sublevel("inner");
        await inner.BatchAsync("abc".Select(key => BatchOperation.Put($"{key}", "")));
        (await inner.Keys(new() { Gt = "a" }).ToArrayAsync()).ShouldBe(["b", "c"]);
        (await inner.Keys(new() { Lt = "c", Reverse = true }).ToArrayAsync()).ShouldBe(["b", "a"]);
        (await inner.Keys(new() { Gte = "" }).ToArrayAsync()).ShouldBe(["a", "b", "c"]);
        (await inner.Keys(new() { Gt = "\uffff" }).ToArrayAsync()).ShouldBeEmpty();
        (await inner.Keys(new() { Prefix = "b" }).ToArrayAsync()).ShouldBe(["b"]);
        await inner.ClearAsync(new() { Gte = "b" });
        (await db.Keys().ToArrayAsync()).ShouldBe(["!inner!a"]);
    }

    [Theory, EverySubject]
    public async Task It_may_have_other_encodings(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        Sublevel<long, byte[]> inner = db.Sublevel("inner", Encodings.Int64, Encodings.Bytes);
        await inner.PutAsync(-5, [0, 255]);
        (await inner.GetAsync(-5)).ShouldBe([0, 255]);
        (await inner.Keys().ToArrayAsync()).ShouldBe([-5]);
        inner.KeyEncoding.ShouldBeSameAs(Encodings.Int64);
        inner.ValueEncoding.ShouldBeSameAs(Encodings.Bytes);
        Sublevel<string, string> text = inner.Sublevel("text");
        await text.PutAsync("a", "1");
        (await text.GetAsync("a")).ShouldBe("1");
    }
}
