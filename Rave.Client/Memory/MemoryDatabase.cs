using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Memory;

// A database in memory, used by this handle alone.
internal sealed class MemoryDatabase(RaveOptions options) : Database("memory", options)
{
    private readonly MemoryStore _store = new(options.Limits, options.TimeProvider);

    private readonly LeaderInfo _leader =
        new(Environment.ProcessId, Epoch: 1, options.TimeProvider.GetUtcNow(), AppDomain.CurrentDomain.FriendlyName);

    internal override string EngineName => "memory";

    internal override IStore Store => _store;

    internal override IEngine Engine => _store;

    internal override CancellationToken Closing => _store.Closing;

    internal override bool Leads => true;

    internal override LeaderInfo? Leader => IsClosed ? null : _leader;

    internal override ValueTask<Status> StatusAsync(CancellationToken cancellationToken) =>
        throw new RaveException(ErrorCodes.NotSupported, "No process leads this database, so none has a status.");

    // Nothing to do: no other handle could lead.
    internal override ValueTask StepDownAsync(CancellationToken cancellationToken)
    {
        _store.Begin(cancellationToken);
        return default;
    }

    public override ValueTask DisposeAsync()
    {
        _store.Dispose();
        return default;
    }
}
