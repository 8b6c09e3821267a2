using Rave.Server.Hosting;
using Rave.Server.Location;
using Rave.Server.Platform;

namespace Rave.Server.Election;

// The election: try the lock. The process that gets it leads. The others follow over the socket until the leader is gone, and try again.
// Each handle or server runs one loop from its opening to its closing.
internal sealed class Campaign : IAsyncDisposable
{
    // The waits between attempts while another process holds the lock without serving, because it is starting or stopping.
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    // The longest wait after an attempt to lead has failed. A failure is seldom repaired sooner.
    private static readonly TimeSpan LongestWaitAfterFailure = TimeSpan.FromSeconds(1);

    // The longest wait after a failure that does not pass by itself.
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    // A leader that does not answer for this long is reported. A normal start or stop is faster.
    private static readonly TimeSpan SilenceBeforeReport = TimeSpan.FromSeconds(4);

    // After stepping down, a process lets others lead first for this long.
    private static readonly TimeSpan YieldTime = TimeSpan.FromSeconds(1);

    private readonly DatabaseLocation _location;
    private readonly LeaderOptions _options;
    private readonly Reserve _reserve;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource<Reign> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Reign? _current;
    private volatile RaveException? _failure;
    private OpenMode _mode;
    private long? _steppedDown;

    // After a failure that seldom passes (a broken disk, damaged data), leading is not tried for this long. Following is.
    private readonly Backoff _resting;
    private TimeSpan _rest;
    private long _restsSince;
    private long _lastHeard;
    private Task _loop = Task.CompletedTask;

    internal Campaign(DatabaseLocation location, LeaderOptions options, OpenMode mode)
    {
        _location = location;
        _resting = new(options.Time, FirstWait, LongestRest);
        _options = options;
        _reserve = new(location, options);
        _mode = mode;
    }

    // The present leader; null between two leaders.
    internal Reign? Current => _current;

    // Why there is no leader, as far as this process knows.
    internal RaveException? Failure => _failure;

    // This process or another one has become the leader.
    internal event Action<Reign>? Began;

    // This process could not lead, and no leader answers. The campaign continues.
    internal event Action<RaveException>? Failed;

    internal void Start() => _loop = Task.Run(RunAsync);

    // Waits for a leader. Throws when the campaign is over.
    internal async ValueTask<Reign> ReignAsync(CancellationToken cancellationToken)
    {
        Task<Reign> next;
        lock (_gate)
        {
            if (_current is { } reign)
            {
                return reign;
            }

            next = _next.Task;
        }

        return await next.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    // The end of a message about a leader that does not answer: the process that its record names, if there is a record.
    internal string LastSeen() =>
        LeaderRecord.Read(_location) is { } leader ? $"; the last to lead was process {leader.Pid} ({leader.Program})" : "";

    // Stops leading or following; idempotent. When it returns, another process can lead.
    public async ValueTask DisposeAsync()
    {
        // The source is not disposed: it holds no resources, and a second call of this method cancels it again.
        await _closing.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        await _reserve.DisposeAsync().ConfigureAwait(false);
        lock (_gate)
        {
            if (_next.TrySetException(new RaveException(ErrorCodes.DatabaseNotOpen, "The database was closed.")))
            {
                // Observed here, because nobody may be waiting for it.
                _ = _next.Task.Exception;
            }
        }
    }

    private async Task RunAsync()
    {
        Backoff patience = new(_options.Time, FirstWait, LongestWait);
        Backoff failing = new(_options.Time, LongestWait, LongestWaitAfterFailure);
        _lastHeard = _options.Time.GetTimestamp();
        try
        {
            while (true)
            {
                try
                {
                    if (await LeadAsync().ConfigureAwait(false) || await FollowAsync().ConfigureAwait(false))
                    {
                        // That leader is gone. Start the next election at once.
                        patience.Reset();
                        failing.Reset();
                        _lastHeard = _options.Time.GetTimestamp();
                    }
                    else
                    {
                        ThrowIfSilent();
                        await patience.WaitAsync(_closing.Token).ConfigureAwait(false);
                    }
                }
                catch (Exception failure) when (!_closing.IsCancellationRequested)
                {
                    Report(failure as RaveException ?? new(ErrorCodes.IoError, failure.Root().Message, failure));
                    await failing.WaitAsync(_closing.Token).ConfigureAwait(false);
                }
            }
        }
        catch (Exception) when (_closing.IsCancellationRequested)
        {
            // Closed. Failures during closing do not matter.
        }
    }

    // This process neither leads nor follows. That is normal for a moment only, and an error after that.
    private void ThrowIfSilent()
    {
        if (_mode != OpenMode.TakeOver && DirectoryCheck.WhyNotLead(_location) is { } refusal)
        {
            throw refusal;
        }

        if (!IsResting && _options.Time.GetElapsedTime(_lastHeard) >= SilenceBeforeReport)
        {
            throw new RaveException(ErrorCodes.ConnectionLost, LockIsShared()
                ? $"'{_location.LockPath}' is also in another directory, a copy by hard links. A leader there blocks this database. "
                    + "Make the copy again without hard links, for example with `cp -a`."
                : LockHolder.Find(_location.LockPath, LockHolder.Flock) is { } holder
                ? $"'{_location.Directory}' is led by {holder}, which does not answer."
                : $"No leader answers at '{_location.SocketPath}'{LastSeen()}.");
        }
    }

    private bool LockIsShared() => !OperatingSystem.IsWindows() && FileIdentity.Of(_location.LockPath) is { Links: > 1 };

    private bool IsResting => _options.Time.GetElapsedTime(_restsSince) < _rest;

    private bool MayLead() =>
        _options.CanLead
        && !IsResting
        && DirectoryCheck.WhyNotLead(_location) is null
        && (_steppedDown is not { } when || _options.Time.GetElapsedTime(when) > YieldTime);

    // Leads until asked to stop. False if another process holds the lock.
    private async Task<bool> LeadAsync()
    {
        _closing.Token.ThrowIfCancellationRequested();
        if (!MayLead() || await TryStartAsync().ConfigureAwait(false) is not { } leader)
        {
            return false;
        }

        _resting.Reset();

        await using (leader.ConfigureAwait(false))
        {
            try
            {
                Begin(new(leader.Info, leader, _options.Time.GetTimestamp()));
                await leader.Ended.WaitAsync(_closing.Token).ConfigureAwait(false);
                _steppedDown = _options.Time.GetTimestamp();
            }
            finally
            {
                // Before the leader stops, so that operations wait for the next leader from now on.
                End();
            }
        }

        return true;
    }

    private async Task<Leader?> TryStartAsync()
    {
        try
        {
            return await Leader.TryStartAsync(_location, _options, _mode, _closing.Token, _reserve.Take).ConfigureAwait(false);
        }
        catch (RaveException failure) when (!failure.MayPass)
        {
            _restsSince = _options.Time.GetTimestamp();
            _rest = _resting.Next();
            throw;
        }
    }

    // Follows until the leader is gone. False if no leader answers.
    private async Task<bool> FollowAsync()
    {
        using LeaderWatch? watch = await LeaderWatch.TryConnectAsync(_location, _options.Time, _closing.Token).ConfigureAwait(false);
        if (watch is null)
        {
            return false;
        }

        if (_mode.MustBeNew)
        {
            throw OpenMode.AlreadyExists(_location);
        }

        Log.Following(_options.Logger, _location.Directory, watch.Leader.Pid, watch.Leader.Epoch);
        using CancellationTokenSource over = new();
        Task preparing = _reserve.PrepareAsync(over.Token);
        try
        {
            Begin(new(watch.Leader, null, _options.Time.GetTimestamp()));
            await watch.WaitForEndAsync(_closing.Token).ConfigureAwait(false);
        }
        finally
        {
            End();
            await over.CancelAsync().ConfigureAwait(false);
            await preparing.ConfigureAwait(false);
        }

        Log.LeaderLost(_options.Logger, _location.Directory, watch.Leader.Pid);
        return true;
    }

    private void Begin(Reign reign)
    {
        _mode = OpenMode.TakeOver;
        _steppedDown = null;
        _failure = null;
        lock (_gate)
        {
            _current = reign;
            _next.SetResult(reign);
            _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Raise(Began, reign);
    }

    private void End()
    {
        Reign? reign = _current;
        _current = null;
        reign?.End();
    }

    private void Report(RaveException failure)
    {
        // Attempts repeat. The same failure is logged only once.
        if (_failure?.Message != failure.Message)
        {
            Log.CannotLead(_options.Logger, failure, _location.Directory);
        }

        _failure = failure;
        _lastHeard = _options.Time.GetTimestamp();
        Raise(Failed, failure);
    }

    // An exception in a listener must not end the election.
    private void Raise<T>(Action<T>? listeners, T what)
    {
        try
        {
            listeners?.Invoke(what);
        }
        catch (Exception cause)
        {
            Log.ListenerFailed(_options.Logger, cause, _location.Directory);
        }
    }
}
