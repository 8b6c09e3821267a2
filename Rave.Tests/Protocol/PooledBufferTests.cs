using System.Buffers;
using Rave.Server.Protocol;

namespace Rave.Tests.Protocol;

public sealed class PooledBufferTests
{
    [Fact]
    public void What_was_written_stays_while_the_buffer_grows()
    {
        using PooledBuffer buffer = new(1);
        byte[] expected = new byte[100_000];
        new Random(1).NextBytes(expected);
        for (int at = 0; at < expected.Length; at += 1000)
        {
            buffer.Write(expected.AsSpan(at, 1000));
        }

        buffer.Length.ShouldBe(expected.Length);
        buffer.Written.ToArray().ShouldBe(expected);
    }

    [Fact]
    public void Disposing_twice_gives_the_array_back_once()
    {
        PooledBuffer buffer = new(16);
        buffer.Dispose();
        buffer.Dispose();
    }
}
