using System.Buffers.Text;
using System.Security.Cryptography;
using Rave.Server.Contracts;

namespace Rave.Client.Coalescing;

// Numbers the writes of one lane, which has one in flight: whoever leads applies each once, however often it is sent, and none after a later one.
// So what comes late of a write that was given up is refused as soon as the next one is decided.
internal sealed class WriteSession
{
    private const int RandomBytes = 18;

    private long _last;
    private volatile bool _inDoubt;

    internal string Name { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    // The leader has a record that nobody needs any more. Where a write ended without an answer it may be on its way still, and the record is
    // what keeps it from being applied twice: that one is left to the leader's sweep.
    internal bool CanEnd => Volatile.Read(ref _last) > 0 && !_inDoubt;

    internal async Task SendAsync(Func<IdempotencyKey, Task> send)
    {
        try
        {
            await send(new(Name, ++_last)).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is not RaveException { IsRefusal: true })
        {
            _inDoubt = true;
            throw;
        }
    }
}
