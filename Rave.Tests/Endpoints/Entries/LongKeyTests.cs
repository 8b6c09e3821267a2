using System.Text.Json;
using Rave.Client;
using Rave.Server.LevelDb;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

// Keys that are too long for a request line, stored by other programs. A range returns them and the keys after them.
public sealed class LongKeyTests : IAsyncLifetime
{
    private const int Longest = 2_000_000;

    private readonly TempDirectory _directory = new();
    private SharedLeader? _leader;

    private static readonly (char Letter, int Length)[] Stored =
        [('a', 1), ('b', Longest), ('c', 700_000), ('d', 600_000), ('e', 5), ('f', Longest), ('g', 1)];

    public async ValueTask InitializeAsync()
    {
        using (LevelDatabase database = LevelDatabase.Open(_directory["db"], new(), create: true))
        {
            foreach ((char letter, int length) in Stored)
            {
                database.Put(System.Text.Encoding.ASCII.GetBytes(new string(letter, length)), [(byte)letter], sync: false);
            }
        }

        _leader = await SharedLeader.OfAsync(_directory["db"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _leader!.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("pageSize=1")]
    [InlineData("pageSize=2")]
    [InlineData("pageSize=3")]
    [InlineData("pageSize=1&reverse=true")]
    [InlineData("pageSize=1&keyEncoding=base64")]
    public async Task Pages_continue_after_them(string query)
    {
        List<string> values = [];
        for (string? next = query; next is not null;)
        {
            Answer page = await _leader!.GetAsync($"/v1/entries?{next}");
            page.Status.ShouldBe(200, page.Text.Length > 1000 ? "" : page.Text);
            values.AddRange(page.Entries.Select(entry => entry.GetProperty("value").GetString()!));
            next = page.Continuation is { } token ? $"pageSize=1&continuation={token}" : null;
        }

        string all = string.Concat(Stored.Select(entry => entry.Letter));
        string.Concat(values).ShouldBe(query.Contains("reverse", StringComparison.Ordinal) ? new string([.. all.Reverse()]) : all);
    }

    [Fact]
    public async Task Lines_count_and_clear_see_them()
    {
        (await _leader!.GetAsync("/v1/count")).Text.ShouldBe("""{"count":7}""");
        (await _leader.GetAsync("/v1/entries", ("Accept", "application/x-ndjson"))).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("value").GetString())
                .ShouldBe(["a", "b", "c", "d", "e", "f", "g"]);
        (await _leader.DeleteAsync("/v1/entries?all=true")).Status.ShouldBe(204);
        (await _leader.GetAsync("/v1/count")).Text.ShouldBe("""{"count":0}""");
    }

    [Fact]
    public async Task A_follower_and_rave_scan_continue_after_them()
    {
        await using RaveLevel db = await RaveLevel.OpenAsync(_directory["db"], new() { CanLead = false });
        (await db.Values().ToArrayAsync()).ShouldBe(["a", "b", "c", "d", "e", "f", "g"]);
        (await db.Values(new() { Reverse = true }).ToArrayAsync()).ShouldBe(["g", "f", "e", "d", "c", "b", "a"]);
        await using RangeIterator<string, string> iterator = db.Iterator();
        List<int> lengths = [];
        while (await iterator.NextManyAsync(1) is [var entry])
        {
            lengths.Add(entry.Key.Length);
        }

        lengths.ShouldBe(Stored.Select(entry => entry.Length));
        await using ChildProcess scan = ChildProcess.StartRave("scan", _directory["db"]);
        (await scan.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(7);
        (await scan.WaitForExitAsync()).ShouldBe(0, await scan.Errors);
    }
}
