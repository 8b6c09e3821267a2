using Grpc.Core;
using Rave.Client;

namespace Rave.Cli.Bench;

// A handle on a cluster, beside plain etcd: the same workloads in turn.
internal sealed class ClusterBench(
    RaveLevel<byte[], byte[]> database, PlainEtcd plain, BenchLoad load, Rounds rounds, CancellationToken cancellationToken)
{
    private const int FullSingles = 500;
    private const int FullMany = 20_000;
    private const int FullPlainMany = 4_000;
    private const int Batch = 100;
    private const int Page = 1_000;
    private const int FullRounds = 5;

    private static readonly int[] Widths = [16, 64, 256];

    private readonly LoadedHandle _handle = new(database, load, cancellationToken);

    internal static async Task RunAsync(
        string location, BenchLoad load, Figures figures, ProgressLine progress, CancellationToken cancellationToken)
    {
        RaveLevel<byte[], byte[]> database = await RaveLevel
            .OpenAsync(location, Encodings.Bytes, Encodings.Bytes, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            if (await database.CountAsync(cancellationToken: cancellationToken).ConfigureAwait(false) > 0)
            {
                throw new BenchException(
                    $"There are entries in '{location}'. The benchmark clears its database, so it takes only an empty one.");
            }

            Rounds rounds = new(progress);
            try
            {
                using PlainEtcd plain = await PlainEtcd.ConnectAsync(location, load, cancellationToken).ConfigureAwait(false);
                try
                {
                    await new ClusterBench(database, plain, load, rounds, cancellationToken).RunAsync().ConfigureAwait(false);
                }
                finally
                {
                    await plain.ClearAsync().ConfigureAwait(false);
                }

                await new PauseBench(location, database, load, rounds, cancellationToken).RunAsync().ConfigureAwait(false);
            }
            catch (RpcException failure)
            {
                throw new BenchException($"A request to etcd itself failed: {failure.Status.Detail}");
            }
            finally
            {
                await database.ClearAsync(cancellationToken: CancellationToken.None).ConfigureAwait(false);
            }

            rounds.Report(figures);
            figures["etcd.rssMB"] = Environment.WorkingSet / (double)(1 << 20);
        }
    }

    private async Task RunAsync()
    {
        (string Kind, Func<int, ValueTask> Plain, Func<int, ValueTask> Ours)[] kinds =
            [("put", plain.PutAsync, _handle.PutAsync), ("get", plain.GetAsync, _handle.GetAsync)];
        // One more than is counted. First one caller: for a while after many, transactions take longer than puts.
        int last = load.Rounds(FullRounds);
        for (int round = 0; round <= last; round++)
        {
            foreach ((string kind, Func<int, ValueTask> plainly, Func<int, ValueTask> ours) in kinds)
            {
                await rounds.LatenciesAsync(load.Part(FullSingles), ($"etcd.plain.{kind}.1", plainly), ($"etcd.{kind}.1", ours))
                    .ConfigureAwait(false);
            }
        }

        // What gets read. Also by plain etcd, whose rounds write fewer keys.
        await Meter.InFlightAsync(load.Keys, Widths[^1], _handle.PutAsync).ConfigureAwait(false);
        await Meter.InFlightAsync(load.Keys, Widths[^1], plain.PutAsync).ConfigureAwait(false);
        for (int round = 0; round <= last; round++)
        {
            await ManyAsync(kinds).ConfigureAwait(false);
        }
    }

    private async Task ManyAsync((string Kind, Func<int, ValueTask> Plain, Func<int, ValueTask> Ours)[] kinds)
    {
        foreach ((string kind, Func<int, ValueTask> plainly, Func<int, ValueTask> ours) in kinds)
        {
            foreach (int width in Widths)
            {
                await InFlightAsync($"etcd.plain.{kind}", FullPlainMany, width, plainly).ConfigureAwait(false);
                await InFlightAsync($"etcd.{kind}", FullMany, width, ours).ConfigureAwait(false);
            }
        }

        await rounds.RateAsync($"etcd.batch{Batch}", () => _handle.PutBatchesAsync(load.Keys, Batch)).ConfigureAwait(false);
        await rounds.RateAsync($"etcd.getMany{Batch}", () => _handle.GetManyAsync(load.Keys, Batch)).ConfigureAwait(false);
        await rounds.RateAsync("etcd.iterate", () => _handle.WalkAsync(Page)).ConfigureAwait(false);
    }

    private Task InFlightAsync(string name, int operations, int width, Func<int, ValueTask> operation) =>
        rounds.RateAsync($"{name}.{width}", () => Meter.InFlightAsync(load.Part(operations), width, operation));
}
