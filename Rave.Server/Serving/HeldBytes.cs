namespace Rave.Server.Serving;

// The memory that requests and answers take at one time, all together: each is bounded, but many large ones at once would not be.
internal sealed class HeldBytes(long limit)
{
    private long _held;

    // More for who holds so much already. Refuses what would go beyond, at once. Who is alone is let through: it has a limit of its own.
    internal void Take(long bytes, long own = 0)
    {
        long held = Interlocked.Add(ref _held, bytes);
        if (held > limit && held != own + bytes)
        {
            Return(bytes);
            throw new RaveException(ErrorCodes.Overloaded, $"Requests and answers take more than {limit} bytes at present; try again shortly.");
        }
    }

    internal void Return(long bytes) => Interlocked.Add(ref _held, -bytes);
}
