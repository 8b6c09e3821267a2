using Rave.Server.Serving;

namespace Rave.Server.Results;

// Sends answers to clients that may not read them.
// With Kestrel's minimum rate alone, a client that stops reading could hold a large answer for days.
internal static class AnswerBody
{
    private const int ChunkBytes = 64 << 10;

    // Complete answers. Their bytes count as held until the client has taken them.
    internal static async Task SendHeldAsync(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        HeldBytes held = context.RequestServices.GetRequiredService<ServedDatabase>().Held;
        held.Take(bytes.Length);
        try
        {
            await SendAsync(context, bytes, context.RequestAborted);
        }
        finally
        {
            held.Return(bytes.Length);
        }
    }

    // Aborts the connection if the client does not take the next chunk in time.
    internal static async ValueTask SendAsync(HttpContext context, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        for (int sent = 0; sent < bytes.Length; sent += ChunkBytes)
        {
            ReadOnlyMemory<byte> chunk = bytes.Slice(sent, Math.Min(ChunkBytes, bytes.Length - sent));
            ValueTask sending = context.Response.Body.WriteAsync(chunk, cancellationToken);
            if (!sending.IsCompletedSuccessfully)
            {
                await WaitAsync(context, sending);
            }
        }
    }

    private static async ValueTask WaitAsync(HttpContext context, ValueTask sending)
    {
        ServedDatabase served = context.RequestServices.GetRequiredService<ServedDatabase>();
        bool cut = false;
        using (served.Time.CreateTimer(
            _ =>
            {
                Volatile.Write(ref cut, true);
                context.Abort();
            },
            null, served.ClientTimeouts.Answer, Timeout.InfiniteTimeSpan))
        {
            await sending;
        }

        if (Volatile.Read(ref cut))
        {
            Log.SlowReaderAborted(served.Logger, context.Request.Path, served.ClientTimeouts.Answer.TotalSeconds);
            throw new RaveException(ErrorCodes.Overloaded, "The client did not read its answer in time. The connection was closed.");
        }
    }
}
