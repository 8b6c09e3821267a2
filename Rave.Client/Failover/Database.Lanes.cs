using Rave.Client.Coalescing;
using Rave.Server.Contracts;

namespace Rave.Client.Failover;

// The short way of a handle that follows: one entry, straight into its lane. The bytes are good for the call.
internal sealed partial class Database
{
    internal void Get(Pending<byte[]?> caller, ReadOnlyMemory<byte> key, string? snapshot, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        _reads.Get(caller, key, snapshot, cancellationToken);
    }

    internal ValueTask WriteAsync(OperationType type, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, bool sync, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        return _writes.WriteAsync(type, key, value, sync, cancellationToken);
    }
}
