using Rave.Server.Hosting;
using Rave.Server.Location;

namespace Rave.Server.Election;

// The standby of a follower. It is prepared after some time of following, so that short processes do not pay for it,
// and used when the process becomes the leader.
internal sealed class Reserve(DatabaseLocation location, LeaderOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan PrepareAfter = TimeSpan.FromSeconds(2);

    private Task<Standby>? _standby;

    // Runs while another process leads. A TCP port or a named pipe must not be served before this process leads.
    internal async Task PrepareAsync(CancellationToken over)
    {
        if (_standby is not null
            || !options.CanLead
            || options.HttpPort is not null
            || OperatingSystem.IsWindows()
            || DirectoryCheck.WhyNotLead(location) is not null)
        {
            return;
        }

        try
        {
            await Task.Delay(PrepareAfter, options.Time, over).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        _standby = Standby.StartAsync(location, options.WithinFileLimit(), loopback: null, CancellationToken.None);
    }

    // The standby, which may still be starting. Null if there is none.
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
                // A standby that could not start holds no resources. A socket name that stays costs one directory entry.
                Log.StopFailed(options.Logger, cause, location.Directory);
            }
        }
    }
}
