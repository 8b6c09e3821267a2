using Rave.Server.Serving;

namespace Rave.Server.Results;

// Sends answers to clients that may not read them. Kestrel's own rate would let one that stops in the middle of much keep it for days.
internal static class AnswerBody
{
    private const int ChunkBytes = 64 << 10;

    // Whole answers, which are held until they are taken.
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

    // Cuts the connection where the client does not take the next chunk in time.
    internal static async ValueTask SendAsync(HttpContext context, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        for (int sent = 0; sent < bytes.Length; sent += ChunkBytes)
        {
            ValueTask sending = context.Response.Body.WriteAsync(bytes.Slice(sent, Math.Min(ChunkBytes, bytes.Length - sent)), cancellationToken);
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
            Log.ReaderCut(served.Logger, context.Request.Path, served.ClientTimeouts.Answer.TotalSeconds);
            throw new RaveException(ErrorCodes.Overloaded, "The client did not take its answer.");
        }
    }
}
