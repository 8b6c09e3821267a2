using Rave.Server.Contracts;

namespace Rave.Client.Failover;

internal sealed partial class Database
{
    // What a leader needs for it, several times over; one that hangs must not hold up closing.
    private static readonly TimeSpan EndOfSession = TimeSpan.FromSeconds(1);

    // The leader need not keep what became of this handle's writes. Where it does not hear of it, its sweep removes the record.
    private async ValueTask EndSessionAsync()
    {
        if (_writes.SessionToEnd is not { } session || _campaign.Current is not { } reign)
        {
            return;
        }

        using CancellationTokenSource deadline = new(EndOfSession, _options.TimeProvider);
        try
        {
            await (reign.Own is { } own
                ? own.Store.EndSessionAsync(session).AsTask().WaitAsync(deadline.Token)
                : _remote.EndSessionAsync(session, deadline.Token)).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is LevelException or OperationCanceledException or ObjectDisposedException)
        {
            // As said above.
        }
    }
}
