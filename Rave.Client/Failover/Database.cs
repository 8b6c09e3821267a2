using Rave.Client.Telemetry;
using Rave.Server.Election;
using Rave.Server.Hosting;
using Rave.Server.Location;

namespace Rave.Client.Failover;

// What one handle holds of a location: its part in the election, its store, and who observes it.
internal sealed class Database : IAsyncDisposable
{
    // One for each request in flight; what is more waits in this process instead of in the leader's.
    private const int Connections = 64;

    private readonly DatabaseLocation _location;
    private readonly RaveOptions _options;
    private readonly Campaign _campaign;

    // Of whoever led last.
    private long? _epoch;

    private Database(DatabaseLocation location, RaveOptions options, Campaign campaign)
    {
        _location = location;
        _options = options;
        _campaign = campaign;
        HttpMessageHandler socket = LocalSocket.CreateHandler(location, Connections, options.TimeProvider);
        Store = new(location, campaign, options, options.Wire?.Invoke(socket) ?? socket);
        Observers = new(options.CreateLogger());
    }

    internal string Directory => _location.Directory;

    internal TimeProvider Time => _options.TimeProvider;

    internal FailoverStore Store { get; }

    internal Observers Observers { get; }

    internal LeaderInfo? Leader => _campaign.Current?.Info;

    internal bool IsClosed => Store.Closing.IsCancellationRequested;

    internal bool Leads => Store.Leads;

    // Returns when this process leads or follows; throws when it can do neither by its deadline, or never will.
    internal static async Task<Database> OpenAsync(string path, RaveOptions options, Action<Reign> leaderCame, CancellationToken cancellationToken)
    {
        long began = options.TimeProvider.GetTimestamp();
        DatabaseLocation location = options.CanLead
            ? DatabaseLocation.Resolve(path, options.CreateIfMissing)
            : await Opening.FindAsync(path, options, cancellationToken).ConfigureAwait(false);
        OpenMode mode = new(options.CreateIfMissing, options.ErrorIfExists, Takeover: false);
        Campaign campaign = new(location, LeaderOptionsOf(options), mode);
        campaign.Began += leaderCame;
        Database database = new(location, options, campaign);
        campaign.Began += database.CountFailover;
        try
        {
            await campaign.OpenAsync(location, options, began, cancellationToken).ConfigureAwait(false);
            return database;
        }
        catch
        {
            await database.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // Fails what is pending, stops leading or following; when it returns, another process can lead.
    public async ValueTask DisposeAsync()
    {
        await Store.CloseAsync().ConfigureAwait(false);
        await Store.EndSessionAsync().ConfigureAwait(false);
        await _campaign.DisposeAsync().ConfigureAwait(false);
        Store.Dispose();
        _location.Dispose();
    }

    private static LeaderOptions LeaderOptionsOf(RaveOptions options) => new()
    {
        LevelDb = options,
        Limits = options.Limits,
        CanLead = options.CanLead,
        LeadsBeforeItServes = true,
        Time = options.TimeProvider,
        Logger = options.CreateLogger(),
    };

    // A connection that was lost to a leader that goes on leading is no failover.
    private void CountFailover(Reign reign)
    {
        if (_epoch is { } last && last != reign.Info.Epoch)
        {
            HandleMeter.CountFailover(Directory, reign.IsOwn);
        }

        _epoch = reign.Info.Epoch;
    }
}
