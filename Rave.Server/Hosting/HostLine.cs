using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Rave.Server.Hosting;

// Some clients of unix sockets say the socket's path as their host, percent-encoded: `Host: %2Frun%2Fdb%2Frave.sock` is a registered name (RFC 3986, 3.2.2),
// and Kestrel refuses it with nothing but 400, which no option changes. On the socket a host means nothing, so in the first request of a connection
// its percent signs are written over before Kestrel sees them, and such a connection ends with that request: where the next one begins, only Kestrel knows.
internal sealed class HostLine(PipeReader inner) : PipeReader
{
    private static readonly object Rewritten = new();

    private bool _headIsOver;
    private Action? _found;

    // Around a connection of the socket.
    internal static Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        IDuplexPipe transport = connection.Transport;
        HostLine input = new(transport.Input) { _found = () => connection.Items[Rewritten] = Rewritten };
        connection.Transport = new Duplex(input, transport.Output);
        return next(connection);
    }

    internal static bool IsRewritten(IDictionary<object, object?> connectionItems) => connectionItems.ContainsKey(Rewritten);

    // Once the first head is over, nothing is left to do here but to hand on.
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        _headIsOver ? inner.ReadAsync(cancellationToken) : ReadHeadAsync(cancellationToken);

    public override bool TryRead(out ReadResult result)
    {
        bool read = inner.TryRead(out result);
        if (read)
        {
            Look(result.Buffer);
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
        Look(result.Buffer);
        return result;
    }

    // Kestrel takes whole lines and leaves the rest: each line of the head is seen here once it is whole, before Kestrel takes it.
    private void Look(ReadOnlySequence<byte> buffer)
    {
        while (!_headIsOver && buffer.PositionOf((byte)'\n') is { } end)
        {
            ReadOnlySequence<byte> line = buffer.Slice(0, end);
            _headIsOver = line.Length <= 1;
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
                // One byte for one: nothing else moves.
                bytes.Replace((byte)'%', (byte)'-');
                _found?.Invoke();
            }
        }
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
