using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Rave.Server.Protocol;
using Rave.Server.Results;

namespace Rave.Server.Hosting;

// Limits the connections that a leader serves at once. Excess connections are rejected with 503. To its client, a connection
// that is only closed would look like a leader that died with the request.
internal sealed class ConnectionGate(int limit, TimeProvider time) : IDisposable
{
    // So many excess connections are rejected after their request was read, as every client expects. They are few, because they use
    // file descriptors too. As many again get the answer at once and are closed.
    private readonly int _rejectedAfterRequest = Excess(limit);

    private readonly SemaphoreSlim _slots = new(limit + (2 * Excess(limit)));

    // For a rejected client to send its request and to read the answer.
    private static readonly TimeSpan RejectionTimeout = TimeSpan.FromSeconds(1);

    private static readonly byte[] Rejection = Answer();

    private int _open;

    // Waits until one more connection may be accepted, to be served or rejected. RunAsync releases the slot.
    internal Task WaitForSlotAsync(CancellationToken cancellationToken) => _slots.WaitAsync(cancellationToken);

    internal async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        int open = Interlocked.Increment(ref _open);
        try
        {
            if (open <= limit)
            {
                await next(connection);
            }
            else if (open <= limit + _rejectedAfterRequest)
            {
                await RejectAsync(connection.Transport);
            }
            else
            {
                await connection.Transport.Output.WriteAsync(Rejection);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();

    private static int Excess(int limit) => Math.Clamp(limit / 8, 16, 64);

    private async Task RejectAsync(IDuplexPipe transport)
    {
        using CancellationTokenSource timeout = new(RejectionTimeout, time);
        try
        {
            bool answered = false;
            while (true)
            {
                ReadResult request = await transport.Input.ReadAsync(timeout.Token);
                transport.Input.AdvanceTo(request.Buffer.End);
                if (request.IsCompleted)
                {
                    return;
                }

                if (!answered)
                {
                    answered = true;
                    await transport.Output.WriteAsync(Rejection, timeout.Token);
                }

                // Read on until the client closes: a client whose connection is closed while it sends does not read the answer.
            }
        }
        catch (Exception cause) when (cause is OperationCanceledException or IOException)
        {
            // The client took too long, or has disconnected.
        }
    }

    private static byte[] Answer()
    {
        Problem problem = Problems.Details(
            StatusCodes.Status503ServiceUnavailable,
            ErrorCodes.Overloaded,
            "The leader serves its maximum number of connections. Try again shortly.");
        string body = JsonSerializer.Serialize(problem, RaveJson.Legible.Problem);
        return Encoding.UTF8.GetBytes(
            "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n"
                + $"Content-Type: {MediaTypes.Problem}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
    }
}
