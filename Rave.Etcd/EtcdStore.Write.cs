using Rave.Etcd.Writes;
using Rave.Server.Storage;

namespace Rave.Etcd;

internal sealed partial class EtcdStore
{
    private readonly SessionRecords _sessions;
    private readonly Writer _writer;

    // Most members sync every write before it is acknowledged, so sync changes nothing.
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> operations, bool sync, Once? once, CancellationToken cancellationToken)
    {
        WritePlan plan = new(operations.Span, _keys, Limits);
        if (plan.Count == 0 && once is null)
        {
            return;
        }

        _counts.CountWrites(plan.Count);
        await _writer.WriteAsync(plan, once, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask EndSessionAsync(string session, CancellationToken cancellationToken) =>
        await _sessions.EndAsync(session, cancellationToken).ConfigureAwait(false);
}
