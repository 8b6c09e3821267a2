using Rave.Server.Storage;

namespace Rave.Client.Memory;

// A database of this handle alone.
internal sealed class MemoryDatabase(RaveOptions options) : Database("memory", options)
{
    private readonly MemoryStore _store = new(options.Limits, options.TimeProvider);

    internal override IStore Store => _store;

    internal override IEngine Engine => _store;

    internal override CancellationToken Closing => _store.Closing;

    internal override bool Leads => true;

    internal override LeaderInfo Leader { get; } =
        new(Environment.ProcessId, Epoch: 1, options.TimeProvider.GetUtcNow(), AppDomain.CurrentDomain.FriendlyName);

    // No other handle could lead.
    internal override ValueTask StepDownAsync(CancellationToken cancellationToken) => default;

    public override ValueTask DisposeAsync()
    {
        _store.Dispose();
        return default;
    }
}
