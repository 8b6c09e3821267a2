using Rave.Server.Protocol;
using Rave.Server.Serving;

namespace Rave.Server.Requests;

// A complete body. Its bytes count as held until it is disposed.
internal sealed class HeldBody(int capacity, HeldBytes held) : IDisposable
{
    private readonly PooledBuffer _buffer = new(capacity);
    private int _counted;

    internal ReadOnlyMemory<byte> Written => _buffer.Written;

    // Received bytes count, not announced ones: a client that announces much and sends little must not block others.
    internal async ValueTask<bool> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        int read = await body.ReadAsync(_buffer.GetMemory(), cancellationToken);
        held.Take(read, own: _counted);
        _counted += read;
        _buffer.Advance(read);
        return read > 0;
    }

    public void Dispose()
    {
        held.Return(Interlocked.Exchange(ref _counted, 0));
        _buffer.Dispose();
    }
}
