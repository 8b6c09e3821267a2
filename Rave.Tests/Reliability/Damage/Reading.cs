using System.Globalization;
using System.Text.Json;
using Rave.Client;

namespace Rave.Tests.Reliability;

// A way to read a database, and its expected result for these entries if it reads everything.
internal sealed record Reading(string Name, Func<ReadDatabase, Task<List<string>>> ReadAsync, Func<IEnumerable<string>,
    IEnumerable<string>> Expected)
{
    private static readonly int[] PageSizes = [3, 10, 100, 1000];

    // Every way to read. The expected entries are "key=value" in the order of the keys.
    internal static IEnumerable<Reading> All { get; } =
        [.. Pages(), .. Lines(), .. Typed(leads: true), .. Typed(leads: false), .. Counts()];

    private static IEnumerable<Reading> Pages()
    {
        foreach (int size in PageSizes)
        {
            yield return new($"pages of {size}", read => PagesAsync(read, size), Whole);
            yield return new($"pages of {size} in reverse", read => PagesAsync(read, size, "reverse=true"), Reversed);
        }

        yield return new("pages of keys alone", read => PagesAsync(read, 10, "values=false"), Keys);
        yield return new("pages with a limit", read => PagesAsync(read, 10, "limit=95"), First);
        yield return new("a page with a limit in reverse", read => PagesAsync(read, 1000, "limit=95&reverse=true"), entries =>
            First(Reversed(entries)));
        yield return new("pages of a snapshot", async read => await PagesAsync(read, 10, $"snapshot={await SnapshotAsync(read)}"), Whole);
    }

    private static IEnumerable<Reading> Lines()
    {
        yield return new("lines", read => LinesAsync(read, ""), Whole);
        yield return new("lines in reverse", read => LinesAsync(read, "reverse=true"), Reversed);
        yield return new("lines with a limit", read => LinesAsync(read, "limit=95"), First);
        yield return new("lines of keys alone", read => LinesAsync(read, "values=false"), Keys);
    }

    private static IEnumerable<Reading> Typed(bool leads)
    {
        string who = leads ? "the leader's" : "a follower's";
        RaveLevel Of(ReadDatabase read) => leads ? read.Leader : read.Follower;
        yield return new($"{who} Iterate", read => ListAsync(Of(read).Iterate(), Text), Whole);
        yield return new($"{who} Iterate in reverse", read => ListAsync(Of(read).Iterate(new() { Reverse = true }), Text), Reversed);
        yield return new($"{who} Iterate with a limit", read => ListAsync(Of(read).Iterate(new() { Limit = 95 }), Text), First);
        yield return new($"{who} Keys", read => ListAsync(Of(read).Keys(), key => key), Keys);
        yield return new($"{who} Values", read => ListAsync(Of(read).Values(), value => value), Values);
        yield return new($"{who} NextManyAsync after Seek", read => SoughtAsync(Of(read)), entries =>
            entries.SkipWhile(entry => string.CompareOrdinal(entry, ReadDatabase.Key(ReadDatabase.Entries / 2)) < 0));
        yield return new($"{who} snapshot", SnapshotOf, Whole);
        yield return new($"{who} GetManyAsync", read => GetManyAsync(Of(read)), Kept);
        yield return new($"{who} HasManyAsync", read => HasManyAsync(Of(read)), entries => Keys(Kept(entries)));

        async Task<List<string>> SnapshotOf(ReadDatabase read)
        {
            await using Snapshot snapshot = await Of(read).SnapshotAsync();
            return await ListAsync(Of(read).Iterate(new() { Snapshot = snapshot }), Text);
        }
    }

    private static IEnumerable<Reading> Counts()
    {
        yield return new("count", async read => [Number(await read.Leader.CountAsync())], entries => [Number(entries.Count())]);
        yield return new("a follower's count", async read => [Number(await read.Follower.CountAsync())], entries =>
            [Number(entries.Count())]);
        yield return new("count of a prefix", async read => [Number(await read.Leader.CountAsync(new() { Prefix = "key 00" }))], entries =>
            [Number(entries.Count(entry => entry.StartsWith("key 00", StringComparison.Ordinal)))]);
    }

    private static async Task<List<string>> PagesAsync(ReadDatabase read, int size, string query = "")
    {
        List<string> entries = [];
        for (string? next = query; next is not null;)
        {
            using HttpResponseMessage response = await read.Http.GetAsync($"/v1/entries?pageSize={size}&{next}");
            JsonElement page = await ReadDatabase.JsonAsync(response);
            entries.AddRange(page.GetProperty("entries").EnumerateArray().Select(Text));
            next = page.GetProperty("continuation").GetString() is { } token ? $"continuation={token}" : null;
        }

        return entries;
    }

    private static async Task<List<string>> LinesAsync(ReadDatabase read, string query)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"/v1/entries?{query}");
        request.Headers.TryAddWithoutValidation("Accept", "application/x-ndjson");
        using HttpResponseMessage response = await read.Http.SendAsync(request);
        if (!response.IsSuccessStatusCode)
        {
            await ReadDatabase.JsonAsync(response);
        }

        string text = await response.Content.ReadAsStringAsync();
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Text(JsonDocument.Parse(line).RootElement))];
    }

    private static async Task<string> SnapshotAsync(ReadDatabase read)
    {
        using HttpResponseMessage response = await read.Http.PostAsync("/v1/snapshots", null);
        return (await ReadDatabase.JsonAsync(response)).GetProperty("id").GetString()!;
    }

    private static async Task<List<string>> ListAsync<T>(IAsyncEnumerable<T> entries, Func<T, string> text)
    {
        List<string> list = [];
        await foreach (T entry in entries)
        {
            list.Add(text(entry));
        }

        return list;
    }

    private static async Task<List<string>> SoughtAsync(RaveLevel db)
    {
        List<string> entries = [];
        await using RangeIterator<string, string> iterator = db.Iterator();
        iterator.Seek(ReadDatabase.Key(ReadDatabase.Entries / 2));
        while (await iterator.NextManyAsync(7) is { Count: > 0 } some)
        {
            entries.AddRange(some.Select(Text));
        }

        return entries;
    }

    private static async Task<List<string>> GetManyAsync(RaveLevel db)
    {
        string[] keys = ReadDatabase.AllKeys;
        string?[] values = await db.GetManyAsync(keys);
        return [.. keys.Zip(values).Where(entry => entry.Second is not null).Select(entry => $"{entry.First}={entry.Second}")];
    }

    private static async Task<List<string>> HasManyAsync(RaveLevel db)
    {
        string[] keys = ReadDatabase.AllKeys;
        bool[] found = await db.HasManyAsync(keys);
        return [.. keys.Where((_, i) => found[i])];
    }

    private static string Text(KeyValuePair<string, string> entry) => $"{entry.Key}={entry.Value}";

    private static string Text(JsonElement entry) =>
        entry.TryGetProperty("value", out JsonElement value) ? $"{entry.GetProperty("key").GetString()}={value.GetString()}"
            : entry.GetProperty("key").GetString()!;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> Whole(IEnumerable<string> entries) => entries;

    // For keys that are read one by one.
    private static IEnumerable<string> Kept(IEnumerable<string> entries) =>
        entries.Where(entry => entry.StartsWith("key ", StringComparison.Ordinal));

    private static IEnumerable<string> Reversed(IEnumerable<string> entries) => entries.Reverse();

    private static IEnumerable<string> First(IEnumerable<string> entries) => entries.Take(95);

    private static IEnumerable<string> Keys(IEnumerable<string> entries) =>
        entries.Select(entry => entry[..entry.IndexOf('=', StringComparison.Ordinal)]);

    private static IEnumerable<string> Values(IEnumerable<string> entries) =>
        entries.Select(entry => entry[(entry.IndexOf('=', StringComparison.Ordinal) + 1)..]);
}
