using System.Globalization;
using Rave.Client;

namespace Rave.Tests.Peer;

// Several concurrent callers on one handle. They read and write a few random keys and record their operations.
internal sealed class Workload(RaveLevel db, HistoryWriter history, string name, int seed)
{
    private const int Callers = 3;

    // Hot, so that every operation meets others.
    private static readonly string[] Keys = ["a", "b", "c", "d", "e"];

    // Written together and read together: they are never seen to differ.
    private static readonly string[] Pair = ["pair 1", "pair 2"];

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
            < 5 => history.WriteAsync([Put(key, value)], () => DoneAsync(db.PutAsync(key, value).AsTask())),
            5 => history.WriteAsync([Put(key, null)], () => DoneAsync(db.DeleteAsync(key).AsTask())),
            6 or 7 => ChangeAsync(key, _ => random.Next(6) == 0 ? null : value),
            8 => WritePairAsync(random, value),
            9 => IncrementAsync(),
            10 => history.WriteAsync([Put(Log + value, value)], () => DoneAsync(db.PutAsync(Log + value, value).AsTask())),
            _ => ReadPairAsync(random),
        };
    }

    private static HistoryLine Put(string key, string? value) => new(0, 0, key, HistoryLine.Put, value);

    private static async Task<bool> DoneAsync(Task write)
    {
        await write;
        return true;
    }

    private async Task<string?> GetAsync(string key) => (await history.GetAsync([key], async () => [await db.GetAsync(key)]))[0];

    private Task IncrementAsync() => ChangeAsync(Counter, read => $"{int.Parse(read ?? "0", CultureInfo.InvariantCulture) + 1}");

    private async Task ChangeAsync(string key, Func<string?, string?> change)
    {
        string? read = await GetAsync(key);
        string? value = change(read);
        Condition condition = read is null ? Condition.Missing : Condition.ETag(db.ETagOf(read));
        await history.WriteAsync([new(0, 0, key, HistoryLine.Set, value, read)], async () =>
            value is null ? await db.DeleteIfAsync(key, condition) : await db.PutIfAsync(key, value, condition));
    }

    // Also with a key of the others in the same batch, in different orders.
    private Task<bool> WritePairAsync(Random random, string value)
    {
        List<string> keys = [.. Pair, Keys[random.Next(Keys.Length)]];
        return history.WriteAsync(
            [.. keys.Skip(1).Select(key => Put(key, value))],
            () => DoneAsync(
                db.BatchAsync(keys.OrderBy(_ => random.Next()).ToArray().Select(key => BatchOperation.Put(key, value))).AsTask()));
    }

    // By a get-many or by a scan. A different value is one that nobody has put.
    private Task<string?[]> ReadPairAsync(Random random) => history.GetAsync([Pair[1]], async () =>
    {
        string?[] both = random.Next(2) == 0
            ? [.. await db.GetManyAsync(Pair)]
            : [.. await db.Iterate(new() { Prefix = "pair " }).Select(entry => entry.Value).ToArrayAsync()];
        return [both.Distinct().Count() <= 1 ? both.FirstOrDefault() : $"torn: {string.Join(" and ", both)}"];
    });
}
