using Rave.Client.Changes;
using Rave.Server.Storage;

namespace Rave.Client.Failover;

internal sealed partial class Database
{
    internal ChangeReader ReadChanges(RangeBounds bounds)
    {
        ThrowIfClosed();
        return new(this, _location, _campaign, _options.TimeProvider, bounds, _closing.Token);
    }
}
