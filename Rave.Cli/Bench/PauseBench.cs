using System.Diagnostics;
using Rave.Client;

namespace Rave.Cli.Bench;

// Large operations on a cluster, and how long a writer of another handle waits meanwhile: for etcd, some of them would be one long step.
internal sealed class PauseBench(
    string location, RaveLevel<byte[], byte[]> database, BenchLoad small, Rounds rounds, CancellationToken cancellationToken)
{
    private const int FullKeys = 200_000;
    private const int FullRounds = 3;
    private const int Page = 1_000;
    private const int Counts = 30;
    private const int Idle = 500;

    // The most operations of a batch, by etcd's defaults.
    private const int Batch = 125;

    private static readonly RangeOptions<byte[]> Forward = new() { Prefix = "key"u8.ToArray() };
    private static readonly RangeOptions<byte[]> Reverse = Forward with { Reverse = true };

    // Outside of that range.
    private static readonly byte[] WritersKey = "writer"u8.ToArray();

    private readonly BenchLoad _load = new(small.Part(FullKeys));

    private LoadedHandle Handle => new(database, _load, cancellationToken);

    internal async Task RunAsync()
    {
        RaveLevel<byte[], byte[]> writer = await RaveLevel
            .OpenAsync(location, Encodings.Bytes, Encodings.Bytes, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            await database.ClearAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            for (int round = 0; round <= small.Rounds(FullRounds); round++)
            {
                await RoundAsync(writer).ConfigureAwait(false);
            }
        }
    }

    private async Task RoundAsync(RaveLevel<byte[], byte[]> writer)
    {
        await PauseAsync("load", writer, () => rounds.RateAsync("etcd.load", () => Handle.PutBatchesAsync(_load.Keys, Batch)))
            .ConfigureAwait(false);
        await rounds.RateAsync("etcd.forward", () => Handle.WalkAsync(Page, Forward)).ConfigureAwait(false);
        await rounds.RateAsync("etcd.reverse", () => Handle.WalkAsync(Page, Reverse)).ConfigureAwait(false);
        await PauseAsync("none", writer, () => WriteAsync(writer, Idle)).ConfigureAwait(false);
        await PauseAsync("forward", writer, () => Handle.WalkAsync(Page, Forward)).ConfigureAwait(false);
        await PauseAsync("reverse", writer, () => Handle.WalkAsync(Page, Reverse)).ConfigureAwait(false);
        await PauseAsync("snapshot", writer, ReadSnapshotAsync).ConfigureAwait(false);
        await PauseAsync("count", writer, CountAsync).ConfigureAwait(false);
        await PauseAsync("clear", writer, () => rounds.RateAsync("etcd.clear", ClearAsync)).ConfigureAwait(false);
    }

    // The longest wait of the writer while something else goes on.
    private async Task PauseAsync(string name, RaveLevel<byte[], byte[]> writer, Func<Task> work)
    {
        using CancellationTokenSource ended = new();
        Task<double> writing = Task.Run(() => WriteUntilAsync(writer, ended.Token), cancellationToken);
        try
        {
            await work().ConfigureAwait(false);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            rounds.Add($"etcd.pause.{name}.maxms", await writing.ConfigureAwait(false));
        }
    }

    // In milliseconds.
    private async Task<double> WriteUntilAsync(RaveLevel<byte[], byte[]> writer, CancellationToken ended)
    {
        TimeSpan longest = default;
        do
        {
            long start = Stopwatch.GetTimestamp();
            await WriteAsync(writer, 1).ConfigureAwait(false);
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            longest = took > longest ? took : longest;
        }
        while (!ended.IsCancellationRequested);
        return longest.TotalMilliseconds;
    }

    private async Task WriteAsync(RaveLevel<byte[], byte[]> writer, int times)
    {
        for (int i = 0; i < times; i++)
        {
            await writer.PutAsync(WritersKey, _load.Value(i), cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReadSnapshotAsync()
    {
        Snapshot snapshot = await database.SnapshotAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (snapshot.ConfigureAwait(false))
        {
            await Handle.WalkAsync(Page, Forward with { Snapshot = snapshot }).ConfigureAwait(false);
        }
    }

    private async Task CountAsync()
    {
        for (int i = 0; i < Counts; i++)
        {
            await database.CountAsync(Forward, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<long> ClearAsync()
    {
        await database.ClearAsync(Forward, cancellationToken: cancellationToken).ConfigureAwait(false);
        return _load.Keys;
    }
}
