using Rave.Server.Election;
using Rave.Server.Engine;
using Rave.Server.Protocol;

namespace Rave.Client.Failover;

internal sealed partial class Database
{
    private static readonly StorageOptions Usual = OptionsReport.Of(new LevelDbOptions());

    // The leader's options hold, whatever a follower asked for: who asked for something is told. Nobody else costs the leader a request.
    private void CompareOptions(Reign reign)
    {
        StorageOptions asked = OptionsReport.Of(_options);
        if (!reign.IsOwn && asked != Usual && _options.LoggerFactory is not null)
        {
            _ = CompareOptionsAsync(reign, asked);
        }
    }

    private async Task CompareOptionsAsync(Reign reign, StorageOptions asked)
    {
        try
        {
            Status status = await Store.StatusAsync(Store.Closing).ConfigureAwait(false);
            // An older leader does not say.
            if (status.Leader.Epoch == reign.Info.Epoch && status.Options is { } used && OptionsReport.Differences(used, asked) is { Length: > 0 } differences)
            {
                Log.OtherOptions(_options.CreateLogger(), reign.Info.Pid, Directory, differences);
            }
        }
        catch (Exception cause) when (cause is RaveException or OperationCanceledException)
        {
            // That leader has gone, or this handle was closed, before it could be compared; the next leader is asked again.
        }
    }
}
