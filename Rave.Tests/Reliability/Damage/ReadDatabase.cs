using System.Globalization;
using System.Text.Json;
using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// A database that was damaged, or not: led by one handle, followed by another and by an HTTP client.
internal sealed class ReadDatabase : IAsyncDisposable
{
    internal const int Entries = 600;

    private static readonly string[] Values = [.. Enumerable.Range(0, Entries).Select(i => new Random(i).GetHexString(800))];

    private ReadDatabase(RaveLevel leader, RaveLevel follower)
    {
        (Leader, Follower) = (leader, follower);
        Http = LiveLeader.Client(Path.Combine(leader.Location, "rave.sock"));
    }

    internal RaveLevel Leader { get; }

    internal RaveLevel Follower { get; }

    internal HttpClient Http { get; }

    internal static string[] AllKeys { get; } = [.. Enumerable.Range(0, Entries).Select(Key)];

    internal static string Key(int i) => string.Create(CultureInfo.InvariantCulture, $"key {i:0000}");

    internal static string Value(int i) => Values[i];

    internal static async Task<ReadDatabase> OpenAsync(string location)
    {
        RaveLevel leader = await RaveLevel.OpenAsync(location, new() { OpenTimeout = TimeSpan.FromSeconds(10) });
        try
        {
            return new(leader, await RaveLevel.OpenAsync(location, new() { CanLead = false }));
        }
        catch
        {
            await leader.DisposeAsync();
            throw;
        }
    }

    // The fault of a way to read, or null. It must return everything that is stored, or fail with an error about damage.
    internal async Task<string?> WrongAsync(Reading reading, IReadOnlyList<string> stored)
    {
        try
        {
            List<string> read = await reading.ReadAsync(this);
            string[] expected = [.. reading.Expected(stored)];
            return read.SequenceEqual(expected) ? null : $"{reading.Name}: {read.Count} of {expected.Length} came, and no error";
        }
        catch (RaveException failure) when (failure.Code == "LEVEL_CORRUPTION")
        {
            return null;
        }
        catch (HttpRequestException cut) when (cut.InnerException is HttpIOException or IOException)
        {
            // Lines end so, once the first of them were sent.
            return null;
        }
        catch (Exception failure)
        {
            return $"{reading.Name}: {failure.GetType().Name}: {failure.Message}";
        }
    }

    // Throws the error that the leader reports.
    internal static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        using JsonDocument answer = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync());
        JsonElement root = answer.RootElement.Clone();
        return response.IsSuccessStatusCode ? root
            : throw new RaveException(root.GetProperty("code").GetString()!, root.GetProperty("detail").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Follower.DisposeAsync();
        await Leader.DisposeAsync();
    }
}
