using System.Text.Json;
using Rave.Tests.Harness;

namespace Rave.Tests.History;

// The change feed through gateways, up to a change of one key. It is taken up at the next gateway, at its place, when one dies.
internal sealed class FeedRecord(string[] socketPaths, string last)
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<RecordedChange> _changes = [];
    private string? _place;

    internal Task Opened => _opened.Task;

    // Complete once the last key has changed.
    internal async Task<List<RecordedChange>> ReadAsync()
    {
        for (int i = 0; ; i = (i + 1) % socketPaths.Length)
        {
            try
            {
                await using EventStream feed = await EventStream.OpenAsync(socketPaths[i], "/v1/changes", _place);
                _place ??= feed.Response.Headers.GetValues("Last-Event-ID").Single();
                _opened.TrySetResult();
                while (await feed.NextAsync() is { } told)
                {
                    if (Add(told).Key == last)
                    {
                        return _changes;
                    }
                }
            }
            catch (Exception cut) when (cut is HttpRequestException or IOException)
            {
                // The gateway was killed.
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }

    private RecordedChange Add(ServerEvent told)
    {
        told.Type.ShouldNotBe("gap");
        JsonElement data = JsonSerializer.Deserialize<JsonElement>(told.Data);
        RecordedChange change = new(
            data.GetProperty("key").GetString()!, told.Type == "put" ? data.GetProperty("value").GetString() : null);
        _changes.Add(change);
        _place = told.Id;
        return change;
    }
}

// Null where the key was deleted.
internal sealed record RecordedChange(string Key, string? Value);
