using Rave.Server.Protocol;

namespace Rave.Server.Storage;

// A store whose data is in this process, and which is served to other processes over HTTP.
internal interface IServedStore : IStore, IEngine
{
    Limits Limits { get; }

    // Whether it was opened read-only.
    bool IsReadOnly { get; }

    // The options of the engine. Null if it has none.
    StorageOptions? Options { get; }

    // As a member of JSON.
    string EngineName { get; }

    string EngineVersion { get; }

    StoreFigures Figures();

    // What each member of the cluster says at present, also that it does not answer. Null if the engine is not a cluster.
    ValueTask<ClusterStatus?> ClusterAsync(CancellationToken cancellationToken);

    // All pages of a scan, as of one moment. Only a snapshot is kept between two pages.
    IAsyncEnumerable<Page> ReadPagesAsync(Scan scan, int pageBytes, CancellationToken cancellationToken);

    // Throws if reads or writes fail now.
    ValueTask ProbeAsync(CancellationToken cancellationToken);

    // Records that a write was refused before it reached the store: a late duplicate must not be applied.
    void Refuse(IdempotencyKey key, RaveException refusal);
}
