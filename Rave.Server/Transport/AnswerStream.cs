using System.Buffers.Text;

namespace Rave.Server.Transport;

// The bytes of an answer's body without chunk headers. At the end, the connection returns to the pool. Disposing earlier closes it.
internal sealed class AnswerStream : Stream
{
    private const int LongestChunkLine = 1 << 10;

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    private readonly AnswerFraming _framing;
    private Connection? _connection;

    // The bytes left of the body or of the chunk. Without a length, everything until the connection ends.
    private long _left;
    private bool _isFirstChunk = true;
    private bool _isCut;

    internal AnswerStream(Connection connection, AnswerFraming framing, bool mayHaveBody)
    {
        _connection = connection;
        _framing = framing;
        _left = framing.IsChunked ? 0 : framing.Length ?? long.MaxValue;
        if (!mayHaveBody || (_left == 0 && !framing.IsChunked))
        {
            _connection = null;
            connection.End(framing.KeepsAlive);
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    // 0 at the end of the body. Throws IOException if the connection ends earlier.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_connection is not { } connection || buffer.IsEmpty)
        {
            return _isCut ? ValueTask.FromException<int>(new IOException("The connection ended before the end of the answer.")) : new(0);
        }

        return _left > 0 && !connection.Unread.IsEmpty
            ? new(Copy(connection, buffer.Span))
            : ReadMoreAsync(connection, buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _connection, null) is { } connection)
        {
            _isCut = true;
            connection.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadMoreAsync(Connection connection, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            if (_framing.IsChunked)
            {
                if (_left == 0 && !await BeginChunkAsync(connection, cancellationToken).ConfigureAwait(false))
                {
                    End();
                    return 0;
                }

                if (connection.Unread.IsEmpty)
                {
                    await connection.FillAsync(cancellationToken).ConfigureAwait(false);
                }

                return Copy(connection, buffer.Span);
            }

            int read = await connection.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken).ConfigureAwait(false);
            if (read == 0 && _framing.Length is not null)
            {
                throw new EndOfStreamException("The connection ended before the end of the answer.");
            }

            Consume(read == 0 ? _left : read);
            return read;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private int Copy(Connection connection, Span<byte> into)
    {
        int count = (int)Math.Min(Math.Min(into.Length, connection.Unread.Length), _left);
        connection.Unread[..count].CopyTo(into);
        connection.Take(count);
        Consume(count);
        return count;
    }

    private void Consume(long count)
    {
        _left -= count;
        if (_left == 0 && !_framing.IsChunked)
        {
            End();
        }
    }

    private void End() =>
        Interlocked.Exchange(ref _connection, null)?.End(_framing.KeepsAlive && (_framing.IsChunked || _framing.Length is not null));

    // False after the last chunk, including the trailer fields that may follow it.
    private async ValueTask<bool> BeginChunkAsync(Connection connection, CancellationToken cancellationToken)
    {
        if (!_isFirstChunk)
        {
            int rest = await LineAsync(connection, cancellationToken).ConfigureAwait(false);
            connection.Take(rest == 0 ? LineEnd.Length : throw ResponseHead.Malformed());
        }

        _isFirstChunk = false;
        int length = await LineAsync(connection, cancellationToken).ConfigureAwait(false);
        if (!Utf8Parser.TryParse(connection.Unread[..length], out _left, out int digits, 'x')
            || _left < 0
            || (digits < length && connection.Unread[digits] != ';'))
        {
            throw ResponseHead.Malformed();
        }

        connection.Take(length + LineEnd.Length);
        if (_left > 0)
        {
            return true;
        }

        do
        {
            length = await LineAsync(connection, cancellationToken).ConfigureAwait(false);
            connection.Take(length + LineEnd.Length);
        }
        while (length > 0);
        return false;
    }

    // The length of the next line. The whole line and its line break are then in the buffer.
    private static async ValueTask<int> LineAsync(Connection connection, CancellationToken cancellationToken)
    {
        int length;
        while ((length = connection.Unread.IndexOf(LineEnd)) < 0)
        {
            if (connection.Unread.Length > LongestChunkLine)
            {
                throw ResponseHead.Malformed();
            }

            await connection.FillAsync(cancellationToken).ConfigureAwait(false);
        }

        return length;
    }
}
