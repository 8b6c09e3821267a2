namespace Rave.Server.Serving;

// The memory of all requests and answers at one time. Each has its own limit, but many large ones together would take too much.
internal sealed class HeldBytes(long limit)
{
    private long _held;

    // Takes more for a request that already has own bytes. Throws above the limit, unless the request is the only one.
    internal void Take(long bytes, long own = 0)
    {
        long held = Interlocked.Add(ref _held, bytes);
        if (held > limit && held != own + bytes)
        {
            Return(bytes);
            throw new RaveException(
                ErrorCodes.Overloaded, $"Requests and answers use more than {limit} bytes of memory at present. Try again later.");
        }
    }

    internal void Return(long bytes) => Interlocked.Add(ref _held, -bytes);
}
