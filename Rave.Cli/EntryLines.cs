using System.Text;
using Rave.Server.Cli;
using Rave.Server.Protocol;

namespace Rave.Cli;

// Writes entries as lines: {"key":…,"value":…} for programs, key and value side by side for people.
internal sealed class EntryLines(Stream output, TextEncoding keyEncoding, TextEncoding valueEncoding, bool forPeople) : IAsyncDisposable
{
    private const int FlushBytes = 32 << 10;

    private readonly PooledBuffer _buffer = new(FlushBytes);

    internal async ValueTask WriteAsync(byte[] key, byte[] value, CancellationToken cancellationToken)
    {
        int whole = _buffer.Length;
        try
        {
            if (forPeople)
            {
                Append($"{TerminalText.Escape(keyEncoding.Encode(key))}  {TerminalText.Escape(valueEncoding.Encode(value))}\n");
            }
            else
            {
                using EntryLinesWriter lines = new(_buffer, keyEncoding, valueEncoding);
                lines.WriteEntry(key, value);
            }
        }
        catch
        {
            // Remove the part of the line that was appended, so that only complete lines are written.
            _buffer.Truncate(whole);
            throw;
        }

        if (_buffer.Length >= FlushBytes || forPeople)
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await FlushAsync(CancellationToken.None).ConfigureAwait(false);
        _buffer.Dispose();
    }

    private void Append(string text)
    {
        Span<byte> free = _buffer.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        _buffer.Advance(Encoding.UTF8.GetBytes(text, free));
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await output.WriteAsync(_buffer.Written, cancellationToken).ConfigureAwait(false);
        _buffer.Clear();
    }
}
