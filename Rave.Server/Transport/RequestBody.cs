using System.Buffers;
using Rave.Server.Protocol;

namespace Rave.Server.Transport;

// The stream that a request's content writes to. A small body is appended to the head and sent together with it.
// A larger body is written directly to the connection.
internal sealed class RequestBody(PooledBuffer gathered, Stream connection) : Stream
{
    private const int MostGathered = 64 << 10;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (gathered.Length + buffer.Length > MostGathered)
        {
            return WriteThroughAsync(buffer, cancellationToken);
        }

        gathered.Write(buffer.Span);
        return default;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask WriteThroughAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await connection.WriteAsync(gathered.Written, cancellationToken).ConfigureAwait(false);
        gathered.Clear();
        await connection.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }
}
