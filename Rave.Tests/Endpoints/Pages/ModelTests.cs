using System.Text;
using System.Text.Json;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

// Compares random operations over HTTP with a sorted dictionary. All answers must be equal.
public abstract class ModelTests(HttpSubject subject, ITestOutputHelper output)
{
    public sealed class OnLevelDb(SharedLeader leader, ITestOutputHelper output) : ModelTests(leader, output), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway, ITestOutputHelper output) : ModelTests(gateway, output), IClassFixture<SharedGateway>;

    private static readonly int Steps = Machine.RunsLong ? 100_000 : 3000;

    // Few bytes, and those at which something might break, so that keys meet and have each other as prefixes.
    private static readonly byte[] Alphabet = [0x00, 0x01, (byte)'%', (byte)'+', (byte)'.', (byte)'/', (byte)'a', 0x7f, 0x80, 0xfe, 0xff];

    private readonly SortedDictionary<string, string> _model = new(StringComparer.Ordinal);

    [Fact]
    public async Task A_leader_answers_as_a_sorted_dictionary_would()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        for (int step = 0; step < Steps; step++)
        {
            try
            {
                await StepAsync(random);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}, step {step}: {failure.Message}", failure);
            }
        }

        output.WriteLine($"{_model.Count} keys");
        await ScanAsync("", _ => true, reverse: false, limit: -1, pageSize: 7);
    }

    private Task StepAsync(Random random) => random.Next(10) switch
    {
        < 3 => PutAsync(Key(random), Value(random)),
        3 => DeleteAsync(Key(random)),
        4 or 5 => BatchAsync(random),
        6 => GetManyAsync(random),
        7 => CountAsync(random),
        8 => ScanAsync(random),
        _ => random.Next(5) == 0 ? ClearAsync(random) : GetAsync(Key(random)),
    };

    private async Task PutAsync(string key, string value)
    {
        (await subject.PutAsync($"/v1/kv/{key}?keyEncoding=hex", Convert.FromHexString(value))).Status.ShouldBe(204);
        _model[key] = value;
    }

    private async Task DeleteAsync(string key)
    {
        (await subject.DeleteAsync($"/v1/kv/{key}?keyEncoding=hex")).Status.ShouldBe(204);
        _model.Remove(key);
    }

    private async Task GetAsync(string key)
    {
        Answer got = await subject.GetAsync($"/v1/kv/{key}?keyEncoding=hex");
        got.Status.ShouldBe(_model.ContainsKey(key) ? 200 : 404);
        if (got.Status == 200)
        {
            Convert.ToHexStringLower(got.Bytes).ShouldBe(_model[key]);
        }
    }

    private async Task BatchAsync(Random random)
    {
        StringBuilder body = new("[");
        for (int i = random.Next(20); i >= 0; i--)
        {
            string key = Key(random);
            string value = Value(random);
            bool put = random.Next(3) > 0;
            body.Append(put ? $$"""{"type":"put","key":"{{key}}","value":"{{value}}"}""" : $$"""{"type":"del","key":"{{key}}"}""")
                .Append(i == 0 ? ']' : ',');
            if (put)
            {
                _model[key] = value;
            }
            else
            {
                _model.Remove(key);
            }
        }

        (await subject.PostJsonAsync("/v1/batch?keyEncoding=hex&valueEncoding=hex", body.ToString())).Status.ShouldBe(204);
    }

    private async Task GetManyAsync(Random random)
    {
        string[] keys = [.. Enumerable.Range(0, random.Next(10)).Select(_ => Key(random))];
        string body = JsonSerializer.Serialize(new { keys });
        Answer many = await subject.PostJsonAsync("/v1/get-many?keyEncoding=hex&valueEncoding=hex", body);
        many.Entries.Select(entry => entry.ValueKind == JsonValueKind.Null ? null : entry.GetProperty("value").GetString())
            .ShouldBe(keys.Select(key => _model.GetValueOrDefault(key)));
        Answer has = await subject.PostJsonAsync("/v1/has-many?keyEncoding=hex", body);
        has.Json.GetProperty("found").EnumerateArray().Select(found => found.GetBoolean()).ShouldBe(keys.Select(_model.ContainsKey));
    }

    private async Task CountAsync(Random random)
    {
        (string query, Func<string, bool> holds) = RandomRange.Next(random, Key);
        (await subject.GetAsync($"/v1/count?keyEncoding=hex{query}")).Json.GetProperty("count").GetInt64()
            .ShouldBe(_model.Keys.Count(holds), query);
    }

    private async Task ClearAsync(Random random)
    {
        (string query, Func<string, bool> holds) = RandomRange.Next(random, Key);
        bool reverse = random.Next(2) == 0;
        int limit = random.Next(-1, 8);
        string[] cleared = [.. Expected(holds, reverse, limit)];
        string target = $"/v1/entries?all=true&keyEncoding=hex{query}&limit={limit}&reverse={(reverse ? "true" : "false")}";
        (await subject.DeleteAsync(target)).Status.ShouldBe(204);
        foreach (string key in cleared)
        {
            _model.Remove(key);
        }
    }

    private Task ScanAsync(Random random)
    {
        (string query, Func<string, bool> holds) = RandomRange.Next(random, Key);
        return ScanAsync(query, holds, reverse: random.Next(2) == 0, limit: random.Next(3) == 0 ? random.Next(10)
            : -1, pageSize: random.Next(1, 12));
    }

    private async Task ScanAsync(string query, Func<string, bool> holds, bool reverse, int limit, int pageSize)
    {
        string always = $"&pageSize={pageSize}&keyEncoding=hex&valueEncoding=hex";
        string? target = $"/v1/entries?limit={limit}&reverse={(reverse ? "true" : "false")}{query}{always}";
        List<(string?, string?)> seen = [];
        while (target is not null)
        {
            Answer page = await subject.GetAsync(target);
            page.Status.ShouldBe(200, page.Text);
            seen.AddRange(page.Entries.Select(entry => (entry.GetProperty("key").GetString(), entry.GetProperty("value").GetString())));
            target = page.Continuation is { } token ? $"/v1/entries?continuation={token}{always}" : null;
        }

        seen.ShouldBe(Expected(holds, reverse, limit).Select(key => ((string?)key, (string?)_model[key])));
    }

    private IEnumerable<string> Expected(Func<string, bool> holds, bool reverse, int limit)
    {
        IEnumerable<string> keys = _model.Keys.Where(holds);
        keys = reverse ? keys.Reverse() : keys;
        return limit < 0 ? keys : keys.Take(limit);
    }

    // In hex, whose ordinal order is that of the bytes.
    private static string Key(Random random) => Convert.ToHexStringLower(random.GetItems(Alphabet, random.Next(4)));

    private static string Value(Random random)
    {
        byte[] value = new byte[random.Next(20)];
        random.NextBytes(value);
        return Convert.ToHexStringLower(value);
    }
}
