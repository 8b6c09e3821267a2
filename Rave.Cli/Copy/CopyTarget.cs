using Rave.Client;
using Rave.Server.Storage;

namespace Rave.Cli.Copy;

// The database to copy to. It is created just before the first write, so that a copy that is refused leaves nothing behind.
internal sealed class CopyTarget : IAsyncDisposable
{
    private RaveLevel<byte[], byte[]>? _database;

    private CopyTarget(string location, RaveLevel<byte[], byte[]>? database, Limits limits)
    {
        Location = location;
        Limits = limits;
        _database = database;
    }

    internal string Location { get; }

    internal Limits Limits { get; }

    internal static async Task<CopyTarget> OpenAsync(string location, CancellationToken cancellationToken)
    {
        RaveLevel<byte[], byte[]> database;
        try
        {
            database = await OpenAsync(location, create: false, cancellationToken).ConfigureAwait(false);
        }
        catch (RaveException missing) when (missing.Code == ErrorCodes.DatabaseNotOpen)
        {
            return new(location, database: null, StorageEngines.LimitsOf(location));
        }

        try
        {
            return new(location, database, await database.Database.WriteLimitsAsync(cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            await database.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal async Task CreateAsync(CancellationToken cancellationToken) =>
        _database ??= await OpenAsync(Location, create: true, cancellationToken).ConfigureAwait(false);

    internal IAsyncEnumerable<KeyValuePair<byte[], byte[]>> Read(byte[]? first, CancellationToken cancellationToken) =>
        _database?.Iterate(new() { Gte = first }, cancellationToken) ?? AsyncEnumerable.Empty<KeyValuePair<byte[], byte[]>>();

    // Returns when the operations are on the disk: after a loss of power too, no hole is left before what was written later.
    internal ValueTask WriteAsync(ReadOnlyMemory<byte> operations, CancellationToken cancellationToken) =>
        _database!.Database.Store.WriteAsync(operations, sync: true, once: null, cancellationToken);

    public ValueTask DisposeAsync() => _database?.DisposeAsync() ?? default;

    private static Task<RaveLevel<byte[], byte[]>> OpenAsync(string location, bool create, CancellationToken cancellationToken) =>
        RaveLevel.OpenAsync(location, Encodings.Bytes, Encodings.Bytes, new() { CreateIfMissing = create }, cancellationToken);
}
