using System.Buffers;
using System.Diagnostics.Tracing;
using System.Runtime.InteropServices;
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
    public void Growing_returns_the_previous_arrays()
    {
        using PoolListener pool = new();
        using PooledBuffer buffer = new(1);
        HashSet<byte[]> outgrown = [];
        for (int i = 0; i < 100; i++)
        {
            outgrown.Add(ArrayOf(buffer));
            buffer.Write(new byte[1000]);
        }

        byte[] last = ArrayOf(buffer);
        outgrown.Remove(last);
        outgrown.Count.ShouldBeGreaterThan(3);
        outgrown.ShouldAllBe(array => pool.Returns(array) == 1);
        pool.Returns(last).ShouldBe(0);
    }

    [Fact]
    public void Disposing_again_does_not_return_the_array_twice()
    {
        using PoolListener pool = new();
        PooledBuffer buffer = new(16);
        byte[] array = ArrayOf(buffer);
        pool.Returns(array).ShouldBe(0);
        buffer.Dispose();
        pool.Returns(array).ShouldBe(1);
        buffer.Dispose();
        pool.Returns(array).ShouldBe(1);
        buffer.Length.ShouldBe(0);
    }

    private static byte[] ArrayOf(PooledBuffer buffer)
    {
        MemoryMarshal.TryGetArray(buffer.Written, out ArraySegment<byte> segment).ShouldBeTrue();
        return segment.Array!;
    }

    // Events of the shared pool for returned arrays, on the thread that returns them.
    private sealed class PoolListener : EventListener
    {
        private const int BufferReturned = 3;

        private readonly int _thread = Environment.CurrentManagedThreadId;
        private readonly List<int> _returned = [];

        // The pool knows an array by its hash code.
        internal int Returns(byte[] array) => _returned.Count(id => id == array.GetHashCode());

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "System.Buffers.ArrayPoolEventSource")
            {
                EnableEvents(eventSource, EventLevel.Verbose);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventId == BufferReturned && Environment.CurrentManagedThreadId == _thread)
            {
                _returned.Add((int)eventData.Payload![0]!);
            }
        }
    }
}
