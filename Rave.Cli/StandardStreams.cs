using Rave.Server.Platform;

namespace Rave.Cli;

// Standard input and output as they are. .NET's own say nothing where nobody reads any more, and a walk through a large database would go on for nobody.
internal static class StandardStreams
{
    private const int BrokenPipe = 32;

    internal static Stream OpenInput() => IsOpen(0) ? Console.OpenStandardInput() : throw new InputException("Standard input is closed, and was to be read. Give the value as an argument, or pipe it in.");

    internal static Stream OpenOutput() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : IsOpen(1) ? new Output() : throw new IOException("Standard output is closed.");

    // Whether the failure is that nobody reads what is printed.
    internal static bool IsNobodyReading(Exception failure) => failure is IOException { HResult: BrokenPipe } or IOException { InnerException.HResult: BrokenPipe };

    private static bool IsOpen(int descriptor) => OperatingSystem.IsWindows() || Posix.IsInherited(descriptor);

    // A file's own stream would write at a place that it remembers itself, and over what others write there.
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
            // A terminal or a pipe that is full holds this program up, which is as it should be.
            cancellationToken.ThrowIfCancellationRequested();
            Write(buffer.Span);
            return default;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
