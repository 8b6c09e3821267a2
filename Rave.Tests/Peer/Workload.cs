using System.Globalization;
using Rave.Client;

namespace Rave.Tests.Peer;

// Several concurrent callers on one database. They read and write a few random keys and record their operations.
internal sealed class Workload(IWorkedOn db, HistoryWriter history, string name, int seed)
{
    private const int Callers = 3;

    // Hot, so that every operation meets others.
    private static readonly string[] Keys = ["a", "b", "c", "d", "e"];

    // Written together and read together: they are never seen to differ.
    private static readonly string[] Pair = [NotRecorded, "pair 2"];

    // The history has the other one of the pair.
    internal const string NotRecorded = "pair 1";

    // A counter, and a key for each put that is never overwritten. They show lost writes and writes that were applied twice.
    internal const string Counter = "counter";
    internal const string Log = "log ";

    private int _values;

    internal Task RunAsync(CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(new(seed + (caller * 1_000_003)), stop))));

    private async Task CallAsync(Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await DoAsync(random);
            }
            catch (RaveException failure) when (failure.Code is "LEVEL_CONNECTION_LOST" or "LEVEL_STALE_RETRY" or "LEVEL_OVERLOADED")
            {
                // It is recorded. No other failure is allowed while leaders change.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(4)), TimeProvider.System, CancellationToken.None);
        }
    }

    private Task DoAsync(Random random)
    {
        string key = Keys[random.Next(Keys.Length)];
        string value = $"{name}-{Interlocked.Increment(ref _values)}";
        return random.Next(12) switch
        {
            < 3 => GetAsync(key),
            < 5 => WriteAsync(key, value),
            5 => WriteAsync(key, null),
            6 or 7 => ChangeAsync(key, _ => random.Next(6) == 0 ? null : value),
            8 => WritePairAsync(random, value),
            9 => IncrementAsync(),
            10 => WriteAsync(Log + value, value),
            _ => ReadPairAsync(random),
        };
    }

    private static HistoryLine Put(string key, string? value) => new(0, 0, key, HistoryLine.Put, value);

    private static async Task<bool> DoneAsync(Task write)
    {
        await write;
        return true;
    }

    private Task<bool> WriteAsync(string key, string? value) =>
        history.WriteAsync([Put(key, value)], () => DoneAsync(db.WriteAsync([(key, value)])));

    private async Task<string?> GetAsync(string key) => (await history.GetAsync([key], () => db.GetAsync([key])))[0];

    private Task IncrementAsync() => ChangeAsync(Counter, read => $"{int.Parse(read ?? "0", CultureInfo.InvariantCulture) + 1}");

    private async Task ChangeAsync(string key, Func<string?, string?> change)
    {
        string? read = await GetAsync(key);
        string? value = change(read);
        await history.WriteAsync([new(0, 0, key, HistoryLine.Set, value, read)], () => db.SetAsync(key, read, value));
    }

    // Also with a key of the others in the same batch, in different orders.
    private Task<bool> WritePairAsync(Random random, string value)
    {
        List<string> keys = [.. Pair, Keys[random.Next(Keys.Length)]];
        return history.WriteAsync(
            [.. keys.Skip(1).Select(key => Put(key, value))],
            () => DoneAsync(db.WriteAsync([.. keys.OrderBy(_ => random.Next()).Select(key => (key, (string?)value))])));
    }

    // By a get-many or by a scan. A different value is one that nobody has put.
    private Task<string?[]> ReadPairAsync(Random random) => history.GetAsync([Pair[1]], async () =>
    {
        string?[] both = random.Next(2) == 0 ? await db.GetAsync(Pair) : await db.ScanAsync("pair ");
        return [both.Distinct().Count() <= 1 ? both.FirstOrDefault() : $"torn: {string.Join(" and ", both)}"];
    });
}
