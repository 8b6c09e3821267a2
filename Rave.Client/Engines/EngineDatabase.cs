using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Engines;

// A database whose engine is elsewhere, such as a cluster. No process of ours leads it.
internal sealed class EngineDatabase : Database
{
    private readonly IServedStore _engine;
    private readonly LanedStore _store;
    private readonly string _scheme;

    private EngineDatabase(string scheme, string location, IServedStore engine, RaveOptions options)
        : base(location, options)
    {
        _scheme = scheme;
        _engine = engine;
        _store = new(engine, options);
    }

    internal override string EngineName => _scheme;

    internal override IStore Store => _store;

    internal override IEngine Engine => _store;

    internal override CancellationToken Closing => _store.Closing;

    internal override bool Leads => false;

    internal override LeaderInfo? Leader => null;

    internal static async Task<EngineDatabase> OpenAsync(
        string scheme, string location, RaveOptions options, CancellationToken cancellationToken)
    {
        EngineOptions engineOptions = new(
            options.CreateIfMissing, options.ErrorIfExists, options.OpenTimeout, options.OperationTimeout, options.TimeProvider);
        IServedStore engine = await StorageEngines.OpenAsync(scheme, location, engineOptions, cancellationToken).ConfigureAwait(false);
        return new(scheme, location, engine, options);
    }

    internal override ValueTask<Limits> WriteLimitsAsync(CancellationToken cancellationToken) => new(_engine.Limits);

    internal override async ValueTask<Status> StatusAsync(CancellationToken cancellationToken)
    {
        _store.Begin(cancellationToken);
        return Status.Of(
            Location, _engine.EngineName, _engine.Limits, await _engine.ClusterAsync(cancellationToken).ConfigureAwait(false));
    }

    internal override ValueTask StepDownAsync(CancellationToken cancellationToken)
    {
        _store.Begin(cancellationToken);
        throw new RaveException(ErrorCodes.NotSupported, "No process leads this database, so none can step down.");
    }

    public override async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync().ConfigureAwait(false);
        (_engine as IDisposable)?.Dispose();
    }
}
