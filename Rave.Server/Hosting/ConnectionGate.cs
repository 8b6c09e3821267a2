using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Rave.Server.Protocol;
using Rave.Server.Results;

namespace Rave.Server.Hosting;

// Lets in as many connections as the leader serves at once, and tells those beyond so in HTTP: a connection that is only closed
// looks to its client like a leader that died with the request.
internal sealed class ConnectionGate(int limit, TimeProvider time) : IDisposable
{
    // So many are heard at once before they are told, which is what every client understands. Few beside the limit, for they take files as well;
    // as many beyond are told and closed.
    private readonly int _heard = HeardBeside(limit);

    private readonly SemaphoreSlim _room = new(limit + (2 * HeardBeside(limit)));

    // For the client to ask, and to read its answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly byte[] Refusal = Answer();

    private int _open;

    // Until one more may be taken, whatever is then said to it. RunAsync gives the room back.
    internal Task RoomAsync(CancellationToken cancellationToken) => _room.WaitAsync(cancellationToken);

    internal async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        int open = Interlocked.Increment(ref _open);
        try
        {
            if (open <= limit)
            {
                await next(connection);
            }
            else if (open <= limit + _heard)
            {
                await RefuseAsync(connection.Transport);
            }
            else
            {
                await connection.Transport.Output.WriteAsync(Refusal);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            _room.Release();
        }
    }

    public void Dispose() => _room.Dispose();

    private static int HeardBeside(int limit) => Math.Clamp(limit / 8, 16, 64);

    private async Task RefuseAsync(IDuplexPipe transport)
    {
        using CancellationTokenSource patience = new(Patience, time);
        try
        {
            bool answered = false;
            while (true)
            {
                ReadResult asked = await transport.Input.ReadAsync(patience.Token);
                transport.Input.AdvanceTo(asked.Buffer.End);
                if (asked.IsCompleted)
                {
                    return;
                }

                if (!answered)
                {
                    answered = true;
                    await transport.Output.WriteAsync(Refusal, patience.Token);
                }

                // Reads on until the client closes: one that is closed while it sends reads no answer.
            }
        }
        catch (Exception cause) when (cause is OperationCanceledException or IOException)
        {
            // It has had its time, or has gone.
        }
    }

    private static byte[] Answer()
    {
        Problem problem = Problems.Details(
            StatusCodes.Status503ServiceUnavailable, ErrorCodes.Overloaded, "The leader has as many connections as it serves at once; try again shortly.");
        string body = JsonSerializer.Serialize(problem, RaveJson.Legible.Problem);
        return Encoding.UTF8.GetBytes(
            $"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Type: {MediaTypes.Problem}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
    }
}
