using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client;

// What a handle is on: a store, and who observes it. Its levels know nothing else of where the data is.
internal abstract class Database(string location, RaveOptions options) : IAsyncDisposable
{
    internal string Location => location;

    // leveldb, memory, or the scheme of the location.
    internal abstract string EngineName { get; }

    internal TimeProvider Time => options.TimeProvider;

    internal Observers Observers { get; } = new(options.CreateLogger());

    internal abstract IStore Store { get; }

    // What only stores over files have.
    internal abstract IEngine Engine { get; }

    // Of keys, values and batches that are written through this handle.
    internal virtual ValueTask<Limits> WriteLimitsAsync(CancellationToken cancellationToken) => new(options.Limits);

    // Cancelled once the handle closes.
    internal abstract CancellationToken Closing { get; }

    internal bool IsClosed => Closing.IsCancellationRequested;

    // Whether this process leads. A page of such a store costs no request.
    internal abstract bool Leads { get; }

    internal abstract LeaderInfo? Leader { get; }

    internal abstract ValueTask<Status> StatusAsync(CancellationToken cancellationToken);

    internal abstract ValueTask StepDownAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
