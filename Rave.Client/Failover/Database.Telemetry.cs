using Rave.Client.Telemetry;
using Rave.Server.Leadership;

namespace Rave.Client.Failover;

internal sealed partial class Database
{
    // Of whoever led last.
    private long? _epoch;

    internal TimeProvider Time => _options.TimeProvider;

    // A connection that was lost to a leader that goes on leading is no failover.
    private void CountFailover(Reign reign)
    {
        if (_epoch is { } last && last != reign.Info.Epoch)
        {
            HandleMeter.CountFailover(Directory, reign.IsOwn);
        }

        _epoch = reign.Info.Epoch;
    }
}
