using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Rave.Server.Protocol;

namespace Rave.Server.Transport;

// A connection with one request at a time. It becomes idle when the answer was read to the end, and is closed in every other case.
internal sealed class Connection(Stream stream, ConnectionPool pool) : IDisposable
{
    // Large enough for the head and the body of a small answer.
    private const int ReadAtOnce = 16 << 10;

    // A leader never sends longer heads.
    private const int LongestHead = 64 << 10;

    private readonly PooledBuffer _output = new(1024);
    private byte[] _input = ArrayPool<byte>.Shared.Rent(ReadAtOnce);
    private int _start;
    private int _end;
    private int _over;

    // A timestamp of the pool's TimeProvider.
    internal long RestsSince { get; set; }

    // Bytes that were received and not yet taken.
    internal ReadOnlySpan<byte> Unread => _input.AsSpan(_start, _end - _start);

    // Nothing may arrive on an idle connection: readable means closed. Named pipes cannot be asked.
    internal bool IsConnected => stream is not NetworkStream { Socket: var socket } || !socket.Poll(0, SelectMode.SelectRead);

    internal void Take(int count) => _start += count;

    internal async ValueTask SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _output.Clear();
        RequestHead.Write(request, _output);
        if (request.Content is { } content)
        {
            await content.CopyToAsync(new RequestBody(_output, stream), cancellationToken).ConfigureAwait(false);
        }

        if (_output.Length > 0)
        {
            await stream.WriteAsync(_output.Written, cancellationToken).ConfigureAwait(false);
        }
    }

    // Reads the head of the answer. The body is read on demand.
    internal async ValueTask<HttpResponseMessage> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int length;
            while ((length = ResponseHead.LengthOf(Unread)) == 0)
            {
                await FillAsync(cancellationToken).ConfigureAwait(false);
            }

            ResponseHead head = ResponseHead.Parse(Unread[..length]);
            Take(length);
            if (head.Status >= HttpStatusCode.OK)
            {
                return head.ToResponse(this);
            }

            // An informational answer: the final one follows.
        }
    }

    // Reads at least one more byte and appends it to the unread bytes.
    internal async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        int unread = _end - _start;
        if (unread >= LongestHead)
        {
            throw ResponseHead.Malformed();
        }

        if (unread == _input.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(2 * unread);
            Unread.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_input);
            _input = larger;
        }
        else
        {
            Unread.CopyTo(_input);
        }

        (_start, _end) = (0, unread);
        int read = await stream.ReadAsync(_input.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read > 0 ? read : throw new EndOfStreamException("The connection ended before the end of the answer.");
    }

    // Reads directly into the target when the buffer is empty. 0 at the end of the connection.
    internal ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancellationToken) => stream.ReadAsync(into, cancellationToken);

    // The answer was read to the end. The caller must not use the connection any more.
    internal void End(bool keepsAlive)
    {
        if (keepsAlive && _start == _end)
        {
            pool.Return(this);
        }
        else
        {
            Dispose();
        }
    }

    // Ends whatever is running on the connection. A read may still use the buffers, so they are not returned to their pool.
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _over, 1) == 0)
        {
            stream.Dispose();
            pool.ReleaseSlot();
        }
    }

    // Only for an idle connection that no request uses.
    internal void Close()
    {
        stream.Dispose();
        _output.Dispose();
        ArrayPool<byte>.Shared.Return(_input);
    }
}
