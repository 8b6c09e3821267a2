using Rave.Client.Telemetry;
using Rave.Server.Election;
using Rave.Server.Hosting;
using Rave.Server.Location;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Failover;

// A database that many processes share: this handle's part in the election, and its store.
internal sealed class SharedDatabase : Database
{
    // One for each request in flight. Further requests wait in this process, not in the leader's.
    private const int Connections = 64;

    private readonly DatabaseLocation _location;
    private readonly RaveOptions _options;
    private readonly Campaign _campaign;
    private readonly FailoverStore _store;

    private long? _lastEpoch;

    private SharedDatabase(DatabaseLocation location, RaveOptions options, Campaign campaign)
        : base(location.Directory, options)
    {
        _location = location;
        _options = options;
        _campaign = campaign;
        HttpMessageHandler socket = LocalSocket.CreateHandler(location, Connections, options.TimeProvider);
        _store = new(location, campaign, options, options.Wire?.Invoke(socket) ?? socket);
    }

    internal override string EngineName => "leveldb";

    internal override IStore Store => _store;

    internal override IEngine Engine => _store;

    internal override CancellationToken Closing => _store.Closing;

    internal override bool Leads => _store.Leads;

    internal override LeaderInfo? Leader => _campaign.Current?.Info;

    internal override ValueTask<Status> StatusAsync(CancellationToken cancellationToken) => _store.Remote.StatusAsync(cancellationToken);

    internal override ValueTask StepDownAsync(CancellationToken cancellationToken) => _store.Remote.StepDownAsync(cancellationToken);

    // A handle checks its own limits before the leader checks its limits.
    internal override async ValueTask<Limits> WriteLimitsAsync(CancellationToken cancellationToken)
    {
        Limits leader = (await StatusAsync(cancellationToken).ConfigureAwait(false)).Limits;
        Limits own = await base.WriteLimitsAsync(cancellationToken).ConfigureAwait(false);
        return leader with
        {
            KeyBytes = Math.Min(leader.KeyBytes, own.KeyBytes),
            ValueBytes = Math.Min(leader.ValueBytes, own.ValueBytes),
            BatchBytes = Math.Min(leader.BatchBytes, own.BatchBytes),
            BatchOperations = Math.Min(leader.BatchOperations, own.BatchOperations),
        };
    }

    // Returns when this process leads or follows. Throws if it can do neither before the timeout, or at all.
    internal static async Task<SharedDatabase> OpenAsync(
        string path, RaveOptions options, Action<Reign> leaderCame, CancellationToken cancellationToken)
    {
        long began = options.TimeProvider.GetTimestamp();
        DatabaseLocation location = options.CanLead
            ? DatabaseLocation.Resolve(path, options.CreateIfMissing)
            : await Opening.FindAsync(path, options, cancellationToken).ConfigureAwait(false);
        OpenMode mode = new(options.CreateIfMissing, options.ErrorIfExists, Takeover: false);
        Campaign campaign = new(location, LeaderOptionsOf(options), mode);
        campaign.Began += leaderCame;
        SharedDatabase database = new(location, options, campaign);
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

    // Fails pending operations, and stops leading or following. When it returns, another process can lead.
    public override async ValueTask DisposeAsync()
    {
        await _store.CloseAsync().ConfigureAwait(false);
        await _store.EndSessionAsync().ConfigureAwait(false);
        await _campaign.DisposeAsync().ConfigureAwait(false);
        _store.Dispose();
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

    // A lost connection to a leader that continues to lead is no failover.
    private void CountFailover(Reign reign)
    {
        if (_lastEpoch is { } last && last != reign.Info.Epoch)
        {
            HandleMeter.CountFailover(Location, reign.IsOwn);
        }

        _lastEpoch = reign.Info.Epoch;
    }
}
