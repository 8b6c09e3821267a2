using System.Buffers;

namespace Rave.Server.Requests;

// Splits a body into lines while it arrives. It holds the longest line so far and the bytes read with it, never the whole body.
internal sealed class LineReader(Stream body, int limit) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
    private int _start;
    private int _end;
    private bool _ended;

    // The number of the last line, from 1. Empty lines count.
    internal long Number { get; private set; }

    // Without the line break. Valid until the next read.
    internal ReadOnlyMemory<byte> Line { get; private set; }

    // Reads the next line that is not empty. False at the end.
    internal async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        // Bytes that were already searched for a line break.
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                Take(searched + length, next: searched + length + 1);
            }
            else if (_ended)
            {
                Take(_end - _start, next: _end - _start);
                return !Line.IsEmpty;
            }
            else
            {
                searched = _end - _start;
                await FillAsync(cancellationToken);
                continue;
            }

            if (!Line.IsEmpty)
            {
                return true;
            }

            searched = 0;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Take(int length, int next)
    {
        Number++;
        int start = _start;
        _start += next;
        Line = length > limit ? throw TooLong() : _buffer.AsMemory(start, length).Trim(" \t\r"u8);
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        int held = _end - _start;
        if (held > limit)
        {
            Number++;
            throw TooLong();
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, held).CopyTo(_buffer);
            _start = 0;
            _end = held;
        }

        if (_end == _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(2 * held);
            _buffer.AsSpan(0, held).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        int read = await body.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _ended = read == 0;
    }

    private RaveException TooLong() => new(ErrorCodes.TooLarge, $"The line is longer than {limit} bytes.");
}
