using Rave.Server.Protocol;

namespace Rave.Server.Storage;

// A store whose data is in this process or behind it, and which is served to others over HTTP.
internal interface IServedStore : IStore, IEngine
{
    Limits Limits { get; }

    // Whether all writes are refused since it was opened to be read.
    bool IsReadOnly { get; }

    // The options of the engine that last while it is open. Null where it has none.
    StorageOptions? Options { get; }

    // The version of the engine.
    string EngineVersion { get; }

    StoreFigures Figures();

    // All pages of a scan, of one moment. Between two pages nothing is held but that moment.
    IAsyncEnumerable<Page> ReadPagesAsync(Scan scan, int pageBytes, CancellationToken cancellationToken);

    // Throws the reason if reads or writes fail at present.
    ValueTask ProbeAsync(CancellationToken cancellationToken);

    // Remembers that a write was refused before the store saw it: a late duplicate must not be applied.
    void Refuse(IdempotencyKey key, RaveException refusal);
}
