using System.Diagnostics;
using System.Net.Sockets;

namespace Rave.Cli.Bench;

// The round trip of a message over a unix socket between two processes that wait in the kernel. A follower's operation cannot be faster
// than this. If both run on one core, no core has to be woken, and the time is a fifth. The scheduler does that often with two threads of
// one process. With two processes, it does so if something else keeps the other core busy. This is the median of several pairs.
internal static class PingPong
{
    private const int MessageLength = 128;
    private const int Pairs = 5;

    internal static async Task MeasureAsync(int rounds, Figures figures, CancellationToken cancellationToken)
    {
        double[][] pairs = new double[Pairs][];
        for (int pair = 0; pair < Pairs; pair++)
        {
            pairs[pair] = await MeasurePairAsync(rounds / Pairs, cancellationToken).ConfigureAwait(false);
        }

        figures["limits.pingpong.p50us"] = MedianOf(0.5);
        figures["limits.pingpong.p99us"] = MedianOf(0.99);

        double MedianOf(double part) => pairs.Select(times => Meter.Percentile(times, part)).Order().ElementAt(Pairs / 2);
    }

    // Every time in microseconds, sorted.
    private static async Task<double[]> MeasurePairAsync(int rounds, CancellationToken cancellationToken)
    {
        using TempFolder folder = new();
        string path = Path.Combine(folder.Path, "ping.sock");
        using Socket listener = NewSocket();
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        BenchProcess echo = BenchProcess.Start([BenchProcess.Verb, BenchProcess.Echo, path]);
        await using (echo.ConfigureAwait(false))
        {
            using Socket socket = await echo.FirstAsync(listener.AcceptAsync(cancellationToken).AsTask(), cancellationToken)
                .ConfigureAwait(false);
            RunRounds(socket, rounds, cancellationToken);
            double[] times = RunRounds(socket, rounds, cancellationToken);
            Array.Sort(times);
            return times;
        }
    }

    // The other process: sends back what it receives, until the end.
    internal static int Echo(string path)
    {
        using Socket socket = NewSocket();
        socket.Connect(new UnixDomainSocketEndPoint(path));
        byte[] message = new byte[MessageLength];
        while (Receive(socket, message))
        {
            socket.Send(message);
        }

        return ExitCode.Done;
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
