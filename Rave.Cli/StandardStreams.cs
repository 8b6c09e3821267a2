using Rave.Server.Platform;

namespace Rave.Cli;

// Standard input and output. The output stream of .NET ignores a broken pipe, so a long scan would go on after its reader has ended.
internal static class StandardStreams
{
    private const int BrokenPipe = 32;

    internal static Stream OpenInput() => IsOpen(0)
        ? Console.OpenStandardInput()
        : throw new InputException("Standard input is closed. Give the value as an argument, or pipe it in.");

    internal static Stream OpenOutput() =>
        OperatingSystem.IsWindows() ? Console.OpenStandardOutput()
        : IsOpen(1) ? new Output()
        : throw new IOException("Standard output is closed. Redirect it to a file or a pipe.");

    // True if the process that read the output has ended.
    internal static bool IsBrokenPipe(Exception failure) =>
        failure is IOException { HResult: BrokenPipe } or IOException { InnerException.HResult: BrokenPipe };

    private static bool IsOpen(int descriptor) => OperatingSystem.IsWindows() || Posix.IsInherited(descriptor);

    // FileStream remembers its own position in a file, and would overwrite what other processes append.
    private sealed class Output : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            try
            {
                Posix.Write(1, buffer, "write");
            }
            catch (IOException failure)
            {
                throw new OutputException(failure);
            }
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            // This blocks while the terminal or pipe is full, which is intended: the reader sets the pace.
            cancellationToken.ThrowIfCancellationRequested();
            Write(buffer.Span);
            return default;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
