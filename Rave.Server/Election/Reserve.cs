using Rave.Server.Hosting;
using Rave.Server.Location;

namespace Rave.Server.Election;

// The standby of a process that follows: prepared once it has followed for a while, so that a short-lived one never pays for it,
// and handed over when it comes to lead.
internal sealed class Reserve(DatabaseLocation location, LeaderOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private Task<Standby>? _standby;

    // While another leads. Over TCP and over a named pipe nobody may be served before this process leads.
    internal async Task PrepareAsync(CancellationToken over)
    {
        if (_standby is not null || !options.CanLead || options.HttpPort is not null || OperatingSystem.IsWindows() || DirectoryCheck.WhyNotLead(location) is not null)
        {
            return;
        }

        try
        {
            await Task.Delay(Patience, options.Time, over).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        _standby = Standby.StartAsync(location, options.WithinFileLimit(), loopback: null, CancellationToken.None);
    }

    // For who leads now, ready or about to be. Null where there is none: it makes its own.
    internal Task<Standby>? Take() => Interlocked.Exchange(ref _standby, null);

    public async ValueTask DisposeAsync()
    {
        if (Take() is { } standby)
        {
            try
            {
                await (await standby.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception cause)
            {
                // What could not start holds nothing, and a name that stays costs a directory entry.
                Log.StopFailed(options.Logger, cause, location.Directory);
            }
        }
    }
}
