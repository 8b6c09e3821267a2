using System.Net.Http.Json;
using System.Text.Json;
using Rave.Tests.Harness;

namespace Rave.Tests.Cli;

public sealed class DataSetTests
{
    private const int Entries = 100_000;

    private static readonly KeyValuePair<string, string>[] Data =
        [.. Enumerable.Range(0, Entries)
            .Select(i => KeyValuePair.Create($"wörd/{i * 7919 % Entries:000000}", $"{{\"id\":{i},\"text\":\"“{i:x}” \\n\"}}"))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)];

    [Fact]
    public async Task A_data_set_loaded_by_rave_batch_is_complete_before_and_after_its_leader_is_killed()
    {
        using TempDirectory directory = new();
        string socketPath = directory["db/rave.sock"];
        await using ChildProcess first = ChildProcess.StartServer(directory["db"]);
        await first.ExpectAsync($"leader {socketPath}");
        await using ChildProcess second = ChildProcess.StartServer(directory["db"]);
        await second.ExpectAsync($"follower {socketPath}");

        await LoadAsync(directory["db"]);
        (await ReadPagesAsync(socketPath)).ShouldBe(Data);

        await first.KillAsync();
        await second.ExpectAsync($"leader {socketPath}");
        (await ReadPagesAsync(socketPath)).ShouldBe(Data);
    }

    private static async Task LoadAsync(string location)
    {
        await using ChildProcess rave = ChildProcess.StartRave("batch", location);
        foreach ((string key, string value) in Data)
        {
            await rave.Input.WriteLineAsync(
                $"{{\"type\":\"put\",\"key\":{JsonSerializer.Serialize(key)},\"value\":{JsonSerializer.Serialize(value)}}}");
        }

        rave.Input.Close();
        (await rave.WaitForExitAsync()).ShouldBe(0, await rave.Errors);
    }

    // As a person would with curl: page after page by the Link header, then the count.
    private static async Task<List<KeyValuePair<string, string>>> ReadPagesAsync(string socketPath)
    {
        using HttpClient http = LiveLeader.Client(socketPath);
        List<KeyValuePair<string, string>> entries = [];
        string? next = "/v1/entries?pageSize=7000";
        while (next is not null)
        {
            using HttpResponseMessage page = await http.GetAsync(next);
            foreach (JsonElement entry in (await page.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("entries").EnumerateArray())
            {
                entries.Add(new(entry.GetProperty("key").GetString()!, entry.GetProperty("value").GetString()!));
            }

            next = page.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? links.Single().Split('<', '>')[1] : null;
        }

        (await http.GetFromJsonAsync<JsonElement>("/v1/count")).GetProperty("count").GetInt64().ShouldBe(entries.Count);
        return entries;
    }
}
