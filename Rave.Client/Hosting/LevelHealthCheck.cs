using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Rave.Client.Hosting;

// Whether a read and a write get through to whoever leads, without a trace in the database.
internal sealed class LevelHealthCheck(HostedLevel hosted) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (hosted.Opened is not { } level)
        {
            return new(context.Registration.FailureStatus, "The database is not open.");
        }

        try
        {
            await ProbeAsync(level, cancellationToken).ConfigureAwait(false);
            string role = level.IsLeader ? "leads" : $"follows process {level.LeaderInfo?.Pid}";
            return HealthCheckResult.Healthy($"This process {role}.");
        }
        catch (RaveException failure)
        {
            return new(context.Registration.FailureStatus, failure.Message, failure);
        }
    }

    // A batch of a condition alone goes through the queue of writes like any other, and writes nothing whether it holds or not.
    private static async Task ProbeAsync(RaveLevel level, CancellationToken cancellationToken)
    {
        try
        {
            await level.HasAsync("", cancellationToken).ConfigureAwait(false);
            await level.Batch().Check("", Condition.Missing).WriteAsync(default, cancellationToken).ConfigureAwait(false);
        }
        catch (RaveException failure) when (failure.Code == ErrorCodes.PreconditionFailed)
        {
            // Answered.
        }
    }
}
