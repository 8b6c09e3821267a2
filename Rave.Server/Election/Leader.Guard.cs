using Rave.Server.Hosting;
using Rave.Server.Location;

namespace Rave.Server.Election;

// The periodic checks of a leader: its lock files, its socket, and whether a database that failed can be written again.
internal sealed partial class Leader
{
    // A socket that was deleted (by a cleaner of temporary folders, or a wrong rm) is back within two periods.
    private static readonly TimeSpan GuardPeriod = TimeSpan.FromMilliseconds(500);

    private long? _failedSince;
    private TimeSpan _reopenAfter;

    // Other programs can delete these files. A deleted socket is published again. A deleted lock ends the leadership, because
    // another process could now lead as well.
    private async Task GuardAsync(LeaderSocket socket)
    {
        using PeriodicTimer timer = new(GuardPeriod, _options.Time);
        string[] notListening = [];
        try
        {
            notListening = await Task.Run(socket.FindNotListening);
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                LeaderSocket.RemoveAbandoned(notListening);
                notListening = [];
                if (!_lock.IsNamed)
                {
                    throw new IOException("rave.lock was deleted or replaced while this process was leading.");
                }

                if (!_levelDbLock!.IsNamed)
                {
                    throw new IOException("LOCK was deleted or replaced while this process was leading.");
                }

                if (IsTimeToReopen())
                {
                    // Writes after a failed one could be lost, so LevelDB must be opened again before the next write.
                    // An election does that with a new epoch, and waits if opening fails.
                    Log.Reopening(_options.Logger, _location.Directory);
                    StepDown();
                    return;
                }

                if (!socket.IsPublished)
                {
                    socket.Publish();
                    Log.SocketRepublished(_options.Logger, _location.Directory);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopping.
        }
        catch (Exception cause)
        {
            // After any failure, clients may be unable to reach this leader, or another process could lead too. Hold a new election.
            Log.GuardFailed(_options.Logger, cause, _location.Directory);
            _ended.TrySetResult();
        }
        finally
        {
            LeaderSocket.RemoveAbandoned(notListening);
        }
    }

    // True if writes have failed and are likely to succeed again. A disk may accept the probe but not the log. To avoid endless
    // elections, the wait doubles until a write succeeds. Reads continue during the wait.
    private bool IsTimeToReopen()
    {
        if (Store.HasWritten && _failedSince is null)
        {
            _options.Reopening.Reset();
        }

        if (!Store.WritesFailed)
        {
            return false;
        }

        if (_failedSince is null)
        {
            _failedSince = _options.Time.GetTimestamp();
            _reopenAfter = _options.Reopening.Next();
        }

        return _options.Time.GetElapsedTime(_failedSince.Value) >= _reopenAfter
            && WriteProbe.Succeeds(_location.Directory, _options.LevelDb.WriteBufferSize);
    }

    // A request that is sent again, or damaged data, can crash one leader after another. The next leader waits first, or all
    // programs would crash in a row. It holds the lock during the wait, so the others wait too.
    private async Task<int> PauseAfterCrashesAsync(CancellationToken cancellationToken)
    {
        int crashes = LeaderRecord.Crashes(_location, _options.Time);
        TimeSpan pause = LeaderRecord.PauseAfter(crashes);
        if (pause > TimeSpan.Zero)
        {
            Log.PausedAfterCrashes(_options.Logger, _location.Directory, pause.TotalSeconds);
            await Task.Delay(pause, _options.Time, cancellationToken);
        }

        return crashes;
    }
}
