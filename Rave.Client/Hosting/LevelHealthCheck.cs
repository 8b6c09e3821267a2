using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Rave.Client.Hosting;

// Reports whether a read and a write reach the leader. It leaves no trace in the database.
internal sealed class LevelHealthCheck<TKey, TValue>(RaveLevel<TKey, TValue>? opened) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (opened is not { } level)
        {
            return new(context.Registration.FailureStatus, "The database is not open.");
        }

        try
        {
            await ProbeAsync(level.WithEncodings(Encodings.Utf8, Encodings.Utf8), cancellationToken).ConfigureAwait(false);
            string role = level.IsLeader ? "leads" : $"follows process {level.LeaderInfo?.Pid}";
            return HealthCheckResult.Healthy($"This process {role}.");
        }
        catch (RaveException failure)
        {
            return new(context.Registration.FailureStatus, failure.Message, failure);
        }
    }

    // A batch that holds only a condition goes through the write queue like any other, and writes nothing.
    private static async Task ProbeAsync(AbstractLevel<string, string> level, CancellationToken cancellationToken)
    {
        try
        {
            await level.HasAsync("", cancellationToken).ConfigureAwait(false);
            await level.Batch().Check("", Condition.Missing).WriteAsync(default, cancellationToken).ConfigureAwait(false);
        }
        catch (RaveException failure) when (failure.Code == ErrorCodes.PreconditionFailed)
        {
            // The leader answered.
        }
    }
}
