using Rave.Client.Lanes;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Failover;

// Where the requests of the lanes go: to the leader, or into the store of this process where it has come to lead.
internal sealed partial class FailoverStore
{
    private ValueTask<PooledBuffer> SendReadsAsync(LaneRequest request) => RunAsync(
        // On another thread: neither the caller nor the lane may be held up.
        own => new(Task.Run(() => own.ReadManyAsync(request.Body.Written, request.Snapshot, request.Abort.Token).AsTask())),
        remote => remote.ReadManyAsync(request.Body.Written, request.Snapshot, request.Attempts),
        request.Abort.Token);

    // Numbered when it leaves: what never does needs no record, and what is sent again keeps its number.
    private async Task SendWritesAsync(LaneRequest request) => await RunAsync(
        own => new(Task.Run(() => FlushAsync(own, request))),
        remote => remote.WriteAsync(request.Body.Written, request.Sync, request.Number(), request.Attempts),
        request.Abort.Token).ConfigureAwait(false);

    // Into the store of this process: under its number where another leader may have applied it.
    private static async Task<bool> FlushAsync(IStore own, LaneRequest request)
    {
        if (!request.Attempts.TryBeginSend())
        {
            throw new OperationCanceledException("The operation was given up before it was sent.");
        }

        try
        {
            await own.WriteAsync(request.Body.Written, request.Sync, request.Once, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (RaveException failure) when (failure.Code == ErrorCodes.DatabaseNotOpen)
        {
            // It has just stopped leading, and nothing was written.
            request.Attempts.MarkNotExecuted();
            throw;
        }
        catch (RaveException failure)
        {
            throw RemoteStore.Refusal(failure, inDoubt: request.Attempts.LeadersLost > 0, isOnce: request.Once is not null);
        }
    }
}
