using System.Diagnostics;
using System.Text;
using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// The writes of a few concurrent writers over HTTP, each in order, and a check that a database has what was acknowledged.
internal sealed class DiskLoad(int writers, Func<int, int, SentWrite> plan)
{
    private readonly List<SentWrite>[] _writes = [.. Enumerable.Range(0, writers).Select(_ => new List<SentWrite>())];

    private int _acknowledged;

    internal IEnumerable<SentWrite> Writes => _writes.SelectMany(writes => writes);

    // For all writers. It may be read while they write.
    internal int Acknowledged => Volatile.Read(ref _acknowledged);

    // Of one, by itself or while none writes.
    internal int AcknowledgedBy(int writer) => _writes[writer].Count(write => write.Acknowledged);

    // All writers run until they are stopped or one of their writes is not acknowledged.
    internal Task WriteAsync(HttpClient http, Func<SentWrite, bool> goesOn) => Task.WhenAll(_writes.Select(async (writes, writer) =>
    {
        while (plan(writer, writes.Count) is var next && goesOn(next))
        {
            writes.Add(next);
            await SendAsync(http, next);
            if (!next.Acknowledged)
            {
                break;
            }
        }
    }));

    // All entries of a database that is opened without faults.
    internal static async Task<Dictionary<string, string>> ReadAsync(string location)
    {
        await using RaveLevel db = await RaveLevel.OpenAsync(location, new() { OpenTimeout = TimeSpan.FromSeconds(10) });
        Dictionary<string, string> found = [];
        await foreach ((string key, string value) in db.Iterate())
        {
            found.Add(key, value);
        }

        return found;
    }

    // The faults in what was found, one sentence each. It remembers what survived: that must exist from now on, and lost writes must not
    // return.
    internal List<string> Faults(Dictionary<string, string> found, Func<SentWrite, bool> mustSurvive)
    {
        List<string> faults = [];
        HashSet<string> unknown = [.. found.Keys];
        foreach (SentWrite write in Writes)
        {
            unknown.ExceptWith(write.Keys);
            string?[] values = [.. write.Keys.Select(key => found.GetValueOrDefault(key))];
            bool there = values.All(value => value is not null);
            string? fault =
                !there && values.Any(value => value is not null) ? "is torn"
                : there && values.Any(value => value != write.Value) ? "has another value"
                : !there && (write.Survived ?? mustSurvive(write)) ? "is lost"
                : there && write.Survived == false ? "came back"
                : there && write.Refused ? "was refused and is there"
                : null;
            if (fault is not null)
            {
                faults.Add($"{write.Name}{(write.Sync ? " (sync)" : "")}{(write.IsBatch ? " (batch)" : "")} {fault}");
            }

            write.Survived = there;
        }

        for (int writer = 0; writer < writers; writer++)
        {
            unknown.Remove(SentWrite.LastBatchOf(writer));
            string? last = _writes[writer].LastOrDefault(write => write is { IsBatch: true, Survived: true })?.Name;
            string? marked = found.GetValueOrDefault(SentWrite.LastBatchOf(writer));
            if (marked != last)
            {
                faults.Add($"the last batch of writer {writer} is {last ?? "none"}, and its key says {marked ?? "none"}");
            }
        }

        faults.AddRange(unknown.Select(key => $"{key} was never written"));
        return faults;
    }

    private async Task SendAsync(HttpClient http, SentWrite write)
    {
        string sync = write.Sync ? "?sync=true" : "";
        write.Sent = Stopwatch.GetTimestamp();
        try
        {
            using HttpResponseMessage answer = await (write.IsBatch
                ? http.PostAsync($"/v1/batch{sync}", new StringContent(write.ToJson(), Encoding.UTF8, "application/json"))
                : http.PutAsync($"/v1/kv/{write.Name}{sync}", new StringContent(write.Value))).Soon();
            write.Acknowledged = answer.IsSuccessStatusCode;
            write.Refused = !write.Acknowledged && (await answer.Content.ReadAsStringAsync().Soon())
                .Contains("Writes are refused since", StringComparison.Ordinal);
            write.Answered = Stopwatch.GetTimestamp();
            Interlocked.Add(ref _acknowledged, write.Acknowledged ? 1 : 0);
        }
        catch (HttpRequestException)
        {
            // Its leader ended, or was killed.
        }
    }
}
