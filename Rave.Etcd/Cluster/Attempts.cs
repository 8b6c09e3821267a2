using Grpc.Core;
using Rave.Etcd.Location;

namespace Rave.Etcd.Cluster;

// The attempts of one operation: how long each may take, and what is known of those that failed.
internal sealed class Attempts(EtcdLocation location, EtcdOptions options, TimeSpan timeout, TimeProvider time, Repeat repeat)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    private readonly long _began = time.GetTimestamp();
    private TimeSpan _attempt = options.AttemptTimeout;
    private TimeSpan _pause = FirstPause;
    private RpcException? _last;
    private bool _mayHaveBeenApplied;
    private int _tooShort;
    private bool _wasAdmittedAgain;

    private TimeSpan Left => timeout - time.GetElapsedTime(_began);

    // Of the next attempt. gRPC sends it along: the member stops too. Throws where no time is left.
    internal DateTime Deadline()
    {
        TimeSpan left = Left > TimeSpan.Zero ? Left : throw Lost();
        // What cannot be sent again is given all the time that there is.
        TimeSpan attempt = repeat != Repeat.WriteIfNotSent && _attempt < left ? _attempt : left;
        return time.GetUtcNow().UtcDateTime + attempt;
    }

    // Throws where there is no further attempt. True where a new token is needed first.
    internal bool Failed(RpcException failure, bool wasSent)
    {
        Fate fate = EtcdFailures.FateOf(failure, wasSent);
        _last = failure;
        if (failure.StatusCode is StatusCode.DeadlineExceeded or StatusCode.Unknown && _attempt < timeout)
        {
            // With every member, it may have been too short, and not the fault of one that hangs.
            _attempt *= ++_tooShort % location.Hosts.Count == 0 ? 2 : 1;
        }

        _mayHaveBeenApplied |= fate == Fate.InDoubt && repeat != Repeat.Read;
        if (fate == Fate.Refused)
        {
            throw EtcdFailures.RefusalOf(failure)!;
        }

        if (_mayHaveBeenApplied && repeat == Repeat.WriteIfNotSent)
        {
            throw Lost();
        }

        if (fate != Fate.NotAdmitted)
        {
            return false;
        }

        return !_wasAdmittedAgain ? _wasAdmittedAgain = true
            : throw new RaveException(ErrorCodes.Forbidden, $"The cluster refuses this user: {failure.Status.Detail}.", failure);
    }

    // Once every member was tried: with jitter, so that many clients do not come at the same moment.
    internal Task PauseAsync(CancellationToken cancellationToken)
    {
        TimeSpan pause = _pause * (0.5 + (Random.Shared.NextDouble() / 2));
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        TimeSpan left = Left > TimeSpan.Zero ? Left : throw Lost();
        return Task.Delay(pause < left ? pause : left, time, cancellationToken);
    }

    private RaveException Lost() => EtcdFailures.Lost(location, time.GetElapsedTime(_began), _last, _mayHaveBeenApplied);
}
