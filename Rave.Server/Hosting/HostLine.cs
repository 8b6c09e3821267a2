using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Rave.Server.Hosting;

// Some clients send the path of the unix socket as the host, percent-encoded: `Host: %2Frun%2Fdb%2Frave.sock`. This is a valid
// registered name (RFC 3986, 3.2.2), but Kestrel rejects it with a bare 400, and no option changes that. On the socket, the host
// has no meaning. So in the first request of a connection, the percent signs are replaced before Kestrel reads them. Such a
// connection ends with this request, because only Kestrel knows where the next request begins.
internal sealed class HostLine(PipeReader inner) : PipeReader
{
    private static readonly object Rewritten = new();

    private bool _headEnded;
    private Action? _rewritten;

    // Runs a connection of the socket behind this reader.
    internal static Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        IDuplexPipe transport = connection.Transport;
        HostLine input = new(transport.Input) { _rewritten = () => connection.Items[Rewritten] = Rewritten };
        connection.Transport = new Duplex(input, transport.Output);
        return next(connection);
    }

    internal static bool IsRewritten(IDictionary<object, object?> connectionItems) => connectionItems.ContainsKey(Rewritten);

    // After the first head, everything is passed on unchanged.
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        _headEnded ? inner.ReadAsync(cancellationToken) : ReadHeadAsync(cancellationToken);

    public override bool TryRead(out ReadResult result)
    {
        bool read = inner.TryRead(out result);
        if (read)
        {
            RewriteHost(result.Buffer);
        }

        return read;
    }

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private async ValueTask<ReadResult> ReadHeadAsync(CancellationToken cancellationToken)
    {
        ReadResult result = await inner.ReadAsync(cancellationToken);
        RewriteHost(result.Buffer);
        return result;
    }

    // Kestrel consumes complete lines only. So each line of the head passes here when it is complete, before Kestrel parses it.
    private void RewriteHost(ReadOnlySequence<byte> buffer)
    {
        while (!_headEnded && buffer.PositionOf((byte)'\n') is { } end)
        {
            ReadOnlySequence<byte> line = buffer.Slice(0, end);
            _headEnded = line.Length <= 1;
            if (IsHost(line))
            {
                Rewrite(line);
            }

            buffer = buffer.Slice(buffer.GetPosition(1, end));
        }
    }

    private static bool IsHost(ReadOnlySequence<byte> line)
    {
        Span<byte> name = stackalloc byte[5];
        if (line.Length < name.Length)
        {
            return false;
        }

        line.Slice(0, name.Length).CopyTo(name);
        return System.Text.Ascii.EqualsIgnoreCase(name, "host:"u8);
    }

    private void Rewrite(ReadOnlySequence<byte> line)
    {
        foreach (ReadOnlyMemory<byte> part in line)
        {
            Span<byte> bytes = MemoryMarshal.AsMemory(part).Span;
            if (bytes.Contains((byte)'%'))
            {
                // One byte replaces one byte, so the length stays.
                bytes.Replace((byte)'%', (byte)'-');
                _rewritten?.Invoke();
            }
        }
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
