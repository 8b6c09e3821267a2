using Rave.Client;

namespace Rave.Cli.Bench;

// The workloads in a leader and in a follower.
internal static class RoleBench
{
    internal static async Task LeadAsync(BenchLoad load, Figures figures, Meter meter, CancellationToken cancellationToken)
    {
        using TempFolder folder = new();
        await RunAsync(folder.Path, "leader", load, figures, meter, cancellationToken).ConfigureAwait(false);
    }

    internal static async Task FollowAsync(BenchLoad load, Figures figures, Meter meter, CancellationToken cancellationToken)
    {
        using TempFolder folder = new();
        BenchProcess leader = await BenchProcess.StartLeaderAsync(folder.Path, cancellationToken).ConfigureAwait(false);
        await using (leader.ConfigureAwait(false))
        {
            await RunAsync(folder.Path, "follower", load, figures, meter, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task RunAsync(
        string location, string role, BenchLoad load, Figures figures, Meter meter, CancellationToken cancellationToken)
    {
        RaveLevel<byte[], byte[]> database = await RaveLevel
            .OpenAsync(location, Encodings.Bytes, Encodings.Bytes, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            await new Workloads(new(database, load, cancellationToken), role, load, meter).RunAsync().ConfigureAwait(false);
            if (database.IsLeader != (role == "leader"))
            {
                throw new BenchException($"The leader changed during the run, and this process is no longer the {role}. Run it again.");
            }

            // The memory of the process while the database is still open.
            figures[$"{load.Prefix}{role}.rssMB"] = Environment.WorkingSet / (double)(1 << 20);
        }
    }
}
