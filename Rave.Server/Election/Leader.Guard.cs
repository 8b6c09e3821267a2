using Rave.Server.Hosting;
using Rave.Server.Location;

namespace Rave.Server.Election;

// What a leader looks after while it leads: its lock, its socket, and whether a database that failed can be written again.
internal sealed partial class Leader
{
    // A deleted socket is back within two of these (cleaners of temporary folders, a stray rm).
    private static readonly TimeSpan GuardPeriod = TimeSpan.FromMilliseconds(500);

    private long? _failedSince;
    private TimeSpan _reopenAfter;

    // Files that others can delete: the socket is published again; without the lock's name another process could lead beside this one.
    private async Task GuardAsync(LeaderSocket socket)
    {
        using PeriodicTimer timer = new(GuardPeriod, _options.Time);
        string[] refused = [];
        try
        {
            refused = await Task.Run(socket.FindRefusing);
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                LeaderSocket.RemoveAbandoned(refused);
                refused = [];
                if (!_lock.IsNamed)
                {
                    throw new IOException("rave.lock was deleted or replaced.");
                }

                if (!_levelDbLock!.IsNamed)
                {
                    throw new IOException("LOCK was deleted or replaced.");
                }

                if (IsTimeToReopen())
                {
                    // What LevelDB was told since the failed write would be lost: only a database that is opened anew is written.
                    // An election does all of that, with a new epoch, and waits where opening fails.
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
            // Whatever it was: nobody can reach this leader, or another could lead as well. Elect anew.
            Log.GuardFailed(_options.Logger, cause, _location.Directory);
            _ended.TrySetResult();
        }
        finally
        {
            LeaderSocket.RemoveAbandoned(refused);
        }
    }

    // Whether writes have failed and can be expected to go well again. A disk that takes the probe and not the log would have everybody elect
    // again and again: without a good write in between, each time it lasts twice as long, and reads go on meanwhile.
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

        return _options.Time.GetElapsedTime(_failedSince.Value) >= _reopenAfter && WriteProbe.Succeeds(_location.Directory, _options.LevelDb.WriteBufferSize);
    }

    // Leaders that died one after another as soon as they led, of a request that is sent again or of what is stored: the next one takes its time,
    // for as many programs as there are would die of it in a row. The lock is held meanwhile, so the others wait as well.
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
