using System.Net.Sockets;
using Rave.Server.Engine;
using Rave.Server.Hosting;
using Rave.Server.LevelDb;
using Rave.Server.Location;
using Rave.Server.Platform;

namespace Rave.Server.Election;

// This process as the leader of a location. It holds the lock, the open database and the socket until it is disposed.
internal sealed partial class Leader : IAsyncDisposable
{
    private readonly DatabaseLocation _location;
    private readonly LeaderOptions _options;
    private readonly DatabaseLock _lock;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lazy<Task> _stop;
    private LevelDbLock? _levelDbLock;
    private LevelStore? _store;
    private LoopbackAccess? _loopback;
    private Task<Standby>? _serving;
    private Standby? _standby;
    private LeaderInfo? _info;
    private Task _served = Task.CompletedTask;
    private Task _guard = Task.CompletedTask;

    private Leader(DatabaseLocation location, LeaderOptions options, DatabaseLock held)
    {
        _location = location;
        _options = options.WithinFileLimit();
        _lock = held;
        _stop = new(StopAsync);
    }

    internal LeaderInfo Info => _info!;

    // For the leader's own operations, which need no HTTP.
    internal LevelStore Store => _store!;

    // The access over TCP; null if it was not requested, or failed.
    internal LoopbackAccess? Loopback => _loopback;

    // Why access over TCP was requested but failed.
    internal RaveException? LoopbackFailure { get; private set; }

    // Completes when this leader should be disposed: it was asked to hand over, or clients cannot reach it any more.
    // Fails if it could not be served at all.
    internal Task Ended => _ended.Task;

    internal void StepDown() => _ended.TrySetResult();

    // Null if another process leads; the standby then still belongs to the caller. Throws RaveException if the lock was free
    // but leading failed.
    internal static async Task<Leader?> TryStartAsync(
        DatabaseLocation location,
        LeaderOptions options,
        OpenMode mode,
        CancellationToken cancellationToken,
        Func<Task<Standby>?>? standby = null)
    {
        if (DirectoryCheck.WhyNotLead(location) is { } refusal)
        {
            throw refusal;
        }

        if (!File.Exists(location.LockPath))
        {
            // No process has led here yet, so this check needs no lock. If it fails, no lock file is left behind.
            mode.Check(location);
        }

        if (DatabaseLock.TryAcquire(location) is not { } held)
        {
            return null;
        }

        Leader leader = new(location, options, held);
        try
        {
            await leader.StartAsync(mode, standby?.Invoke(), cancellationToken);
            return leader;
        }
        catch (Exception cause)
        {
            await leader.DisposeAsync();
            if (leader.FailureOf(cause) is { } failure)
            {
                throw failure;
            }

            throw;
        }
    }

    // Can be called more than once. When it returns, LevelDB is closed and the lock is free.
    public async ValueTask DisposeAsync() => await _stop.Value;

    private async Task StartAsync(OpenMode mode, Task<Standby>? standby, CancellationToken cancellationToken)
    {
        _serving = standby;
        if (!LevelDbLock.IsThere(_location))
        {
            // No process has the database open. Check before taking the lock, so that a failed check leaves no file behind.
            CheckDirectory(mode);
        }

        // Take LevelDB's lock before the checks: they would misjudge a database that another program is writing.
        _levelDbLock = LevelDbLock.Take(_location);
        CheckDirectory(mode);
        LeaderRecord.ThrowIfBroken(_location);
        LeaderSocket.ThrowIfOtherFile(_location);
        int crashes = await PauseAfterCrashesAsync(cancellationToken);
        OpenLoopback(mode);
        bool leadsFirst = mode.Takeover && _options.LeadsBeforeItServes;
        if (!leadsFirst)
        {
            // Start serving while the database opens.
            _serving ??= StartStandbyAsync(cancellationToken);
        }

        OpenStore(mode);
        if (!OperatingSystem.IsWindows())
        {
            _options.Group?.GrantDirectory(_location);
        }

        _info = LeaderRecord.Write(_location, _options.Time, crashes);
        Store.Epoch = _info.Epoch;
        _served = ServeAsync(cancellationToken);
        if (leadsFirst)
        {
            _ = EndUnlessServedAsync(cancellationToken);
        }
        else
        {
            await _served;
        }

        if (DirectoryCheck.OpenToOthers(_location, _options.Group) is { } directoryMode)
        {
            Log.OpenToOthers(_options.Logger, _location.Directory, directoryMode);
        }

        Log.Leading(_options.Logger, _location.Directory, _info.Pid, _info.Epoch);
    }

    private void CheckDirectory(OpenMode mode)
    {
        DirectoryCheck.ThrowIfForeignFormat(_location);
        DirectoryCheck.ThrowIfOrphanedData(_location);
        mode.Check(_location);
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        _serving ??= StartStandbyAsync(cancellationToken);
        _standby = await ReadyAsync(_serving, cancellationToken);
        _standby.Served.StepDownRequested += StepDown;
        _standby.Served.Open(Info, Store, OperatingSystem.IsWindows() ? null : FileIdentity.Of(_location.Directory)?.Id);
        if (!OperatingSystem.IsWindows())
        {
            _standby.Socket.Publish();
            _guard = GuardAsync(_standby.Socket);
        }
    }

    private Task<Standby> StartStandbyAsync(CancellationToken cancellationToken) =>
        Standby.StartAsync(_location, _options, _loopback, cancellationToken);

    // A leader that clients cannot reach ends with the reason.
    private async Task EndUnlessServedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _served;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Closing.
        }
        catch (Exception cause)
        {
            _ended.TrySetException(FailureOf(cause) ?? cause);
        }
    }

    private RaveException? FailureOf(Exception cause) =>
        cause is IOException or UnauthorizedAccessException or SocketException
            ? FileFailure.Of($"'{_location.Directory}' cannot be led", cause)
            : null;

    // If the socket of the standby was deleted, start another standby: there is no socket to publish.
    private async Task<Standby> ReadyAsync(Task<Standby> serving, CancellationToken cancellationToken)
    {
        Standby ready = await serving;
        if (OperatingSystem.IsWindows() || ready.Socket.HasTemporaryName)
        {
            return ready;
        }

        _serving = StartStandbyAsync(cancellationToken);
        await ready.DisposeAsync();
        return await _serving;
    }

    // A port in use is an error at the start. During a takeover, the followers on the socket matter more, and are served without it.
    private void OpenLoopback(OpenMode mode)
    {
        try
        {
            _loopback = _options.HttpPort is { } port ? LoopbackAccess.Open(_location, port) : null;
        }
        catch (RaveException failure) when (mode.Takeover)
        {
            LoopbackFailure = failure;
        }
    }

    private void OpenStore(OpenMode mode)
    {
        Umask.ThrowIfUnusable();
        try
        {
            _levelDbLock!.Suspend();
            _store = LevelStore.Open(_location.Directory, _options.LevelDb, mode.Create, _options.Limits, _options.Time, _options.ReadOnly);
            _levelDbLock.Resume();
        }
        catch (RaveException failure) when (failure is { Code: ErrorCodes.Locked, InnerException: LevelDbException })
        {
            // Another program opened the database directly, just before LevelDB took the lock that was lent to it.
            throw LevelDbLock.Locked(_location, LockHolder.Posix, failure);
        }
    }

    // The order matters: requests end before the database closes, and the lock goes last.
    private async Task StopAsync()
    {
        try
        {
            await StopServingAsync();
        }
        catch (Exception cause)
        {
            // A socket that was not removed is harmless: stale sockets are normal. The lock must be released in any case.
            Log.StopFailed(_options.Logger, cause, _location.Directory);
        }

        if (_store is not null)
        {
            await _store.DisposeAsync();
            if (OperatingSystem.IsWindows() || _lock.IsNamed)
            {
                // If the lock file was deleted, another leader may already have written its record.
                LeaderRecord.End(_location);
            }
        }

        _levelDbLock?.Dispose();
        _lock.Dispose();
        _stopping.Dispose();
        _ended.TrySetResult();
        if (_info is not null)
        {
            Log.StoppedLeading(_options.Logger, _location.Directory);
        }
    }

    private async Task StopServingAsync()
    {
        await _stopping.CancelAsync();
        await _served.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_standby is not null)
        {
            await _standby.Served.CloseAsync();
        }

        await _guard;
        if (_serving is not null)
        {
            // A failure to start was already reported to the caller that started this leader.
            await ((Task)_serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_serving.IsCompletedSuccessfully)
            {
                await _serving.Result.DisposeAsync();
            }
        }

        _loopback?.Dispose();
    }
}
