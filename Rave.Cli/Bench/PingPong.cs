using System.Diagnostics;
using System.Net.Sockets;

namespace Rave.Cli.Bench;

// The round trip of a message over a unix socket between two threads that wait in the kernel.
// A follower's operation cannot be faster than this.
internal static class PingPong
{
    private const int MessageLength = 128;

    // The median in microseconds.
    internal static double Measure(int rounds, CancellationToken cancellationToken)
    {
        using TempFolder folder = new();
        UnixDomainSocketEndPoint address = new(Path.Combine(folder.Path, "ping.sock"));
        using Socket listener = NewSocket();
        listener.Bind(address);
        listener.Listen(1);
        using Socket near = NewSocket();
        near.Connect(address);
        using Socket far = listener.Accept();
        Thread echo = new(() => Echo(far)) { IsBackground = true };
        echo.Start();
        try
        {
            RunRounds(near, rounds, cancellationToken);
            double[] times = RunRounds(near, rounds, cancellationToken);
            Array.Sort(times);
            return Meter.Percentile(times, 0.5);
        }
        finally
        {
            near.Shutdown(SocketShutdown.Both);
            echo.Join();
        }
    }

    private static double[] RunRounds(Socket socket, int rounds, CancellationToken cancellationToken)
    {
        byte[] message = new byte[MessageLength];
        double[] times = new double[rounds];
        for (int i = 0; i < rounds; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            socket.Send(message);
            Receive(socket, message);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        return times;
    }

    private static void Echo(Socket socket)
    {
        byte[] message = new byte[MessageLength];
        while (Receive(socket, message))
        {
            socket.Send(message);
        }
    }

    // False at the end of the stream.
    private static bool Receive(Socket socket, byte[] message)
    {
        for (int received = 0; received < message.Length;)
        {
            int count = socket.Receive(message.AsSpan(received));
            if (count == 0)
            {
                return false;
            }

            received += count;
        }

        return true;
    }

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
}
