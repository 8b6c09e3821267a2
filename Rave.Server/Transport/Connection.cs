using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Rave.Server.Protocol;

namespace Rave.Server.Transport;

// One connection, with one request on it at a time. It rests again once its answer was read to the end, and is closed in every other case.
internal sealed class Connection(Stream stream, ConnectionPool pool) : IDisposable
{
    // A small answer comes whole with its head.
    private const int ReadAtOnce = 16 << 10;

    // Longer heads than ours are no leader's.
    private const int LongestHead = 64 << 10;

    private readonly PooledBuffer _output = new(1024);
    private byte[] _input = ArrayPool<byte>.Shared.Rent(ReadAtOnce);
    private int _start;
    private int _end;
    private int _over;

    // A timestamp of its pool's clock.
    internal long RestsSince { get; set; }

    // What came and was not taken yet.
    internal ReadOnlySpan<byte> Unread => _input.AsSpan(_start, _end - _start);

    // While it rests nothing may come, and where something does it is the end. Named pipes do not tell.
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

    // The answer's head, with its body to be read as it comes.
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

            // Informational: the answer is still to come.
        }
    }

    // At least one byte more, behind what is unread.
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
        _end += read > 0 ? read : throw new EndOfStreamException("The connection ended in the middle of an answer.");
    }

    // Past what was read ahead, straight to where it is wanted. 0 at the connection's end.
    internal ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancellationToken) => stream.ReadAsync(into, cancellationToken);

    // The answer has been read to its end. Whoever calls this has done with it.
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

    // In the middle of something, which ends it. Its buffers are left to the collector: somebody may still be reading into them.
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _over, 1) == 0)
        {
            stream.Dispose();
            pool.GiveRoom();
        }
    }

    // While it rests, and nobody has it.
    internal void Close()
    {
        stream.Dispose();
        _output.Dispose();
        ArrayPool<byte>.Shared.Return(_input);
    }
}
