using System.Text.Json;
using System.Text.Json.Serialization;
using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Interop;

// A database is read by Node and by .NET, whichever of them wrote it.
[Needs(Need.Node)]
public sealed partial class NodeTests(Node node) : IClassFixture<Node>, IDisposable
{
    // More than LevelDB's write buffer of 4 MiB, so that there are tables, and in them compressed blocks.
    private const int Many = 20_000;
    private static readonly string Compressible = string.Concat(Enumerable.Repeat("compressible ", 20));

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task RaveLevel_reads_what_classic_level_wrote()
    {
        await node.RunAsync(_directory["db"], $$"""
            await db.put('text', 'ä漢');
            await db.put('', 'of the empty key');
            await db.put(Buffer.from([0, 255, 1]), Buffer.from([255, 0]), { keyEncoding: 'buffer', valueEncoding: 'buffer' });
            const users = db.sublevel('users', { valueEncoding: 'json' });
            const admins = users.sublevel('admins', { keyEncoding: 'buffer' });
            await db.batch([
              { type: 'put', sublevel: users, key: 'ada', value: { name: 'Ada', tags: ['math'] } },
              { type: 'put', sublevel: admins, key: Buffer.from([200]), value: 'root' },
              { type: 'put', key: 'empty', value: '' }
            ]);
            const many = db.sublevel('many');
            await many.open();
            const batch = many.batch();
            for (let i = 0; i < {{Many}}; i++) batch.put(String(i).padStart(5, '0'), 'compressible '.repeat(20));
            await batch.write();
            await db.compactRange('', '~');
            """);

        await using RaveLevel db = await RaveLevel.OpenAsync(_directory["db"], new() { CreateIfMissing = false });
        (await db.GetManyAsync(["text", "", "empty", "none"])).ShouldBe(["ä漢", "of the empty key", "", null]);
        (await db.WithEncodings(Encodings.Bytes, Encodings.Bytes).GetAsync([0, 255, 1])).ShouldBe([255, 0]);
        Sublevel<string, User> users = db.Sublevel("users", Encodings.Json(NodeJson.Default.User));
        (await users.GetAsync("ada")).ShouldBeEquivalentTo(new User("Ada", ["math"]));
        (await users.Sublevel("admins", Encodings.Bytes, Encodings.Utf8).GetAsync([200])).ShouldBe("root");
        Sublevel<string, string> many = db.Sublevel("many");
        (await many.CountAsync()).ShouldBe(Many);
        (await many.Values(new() { Gte = "12345", Limit = 3 }).ToArrayAsync()).ShouldBe([Compressible, Compressible, Compressible]);
        new DirectoryInfo(_directory["db"]).EnumerateFiles("*.ldb").Sum(file => file.Length)
            .ShouldBeLessThan(Many * 100L, "the tables are compressed");
    }

    [Fact]
    public async Task Classic_level_reads_what_RaveLevel_wrote()
    {
        await using (RaveLevel db = await RaveLevel.OpenAsync(_directory["db"]))
        {
            Sublevel<string, User> users = db.Sublevel("users", Encodings.Json(NodeJson.Default.User));
            Sublevel<byte[], string> admins = users.Sublevel("admins", Encodings.Bytes, Encodings.Utf8);
            await db.Batch().Put("text", "ä漢").Put("", "of the empty key").Put("empty", "")
                .Put(db.WithEncodings(Encodings.Bytes, Encodings.Bytes), [0, 255, 1], [255, 0])
                .Put(users, "ada", new("Ada", ["math"])).Put(admins, [200], "root").WriteAsync();
            await db.Sublevel("many").BatchAsync(Enumerable.Range(0, Many).Select(i => BatchOperation.Put($"{i:00000}", Compressible)));
            await db.CompactRangeAsync();
        }

        string output = await node.RunAsync(_directory["db"], """
            const users = db.sublevel('users', { valueEncoding: 'json' });
            const admins = users.sublevel('admins', { keyEncoding: 'buffer' });
            const bytes = { keyEncoding: 'hex', valueEncoding: 'hex' };
            const many = db.sublevel('many');
            console.log(JSON.stringify([
              await db.getMany(['text', '', 'empty']), await db.get('00ff01', bytes), await users.get('ada'),
              await admins.get(Buffer.from([200])), (await many.keys().all()).length, (await many.get('19999')).length
            ]));
            """);
        output.ShouldBe("""[["ä漢","of the empty key",""],"ff00",{"name":"Ada","tags":["math"]},"root",20000,260]""");
    }

    internal sealed record User(string Name, string[] Tags);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(User))]
    private sealed partial class NodeJson : JsonSerializerContext;
}
