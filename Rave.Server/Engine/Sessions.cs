using Rave.Server.LevelDb;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// The result of the last write of every session. It has all results on disk, so that no write has to read them, and the refusals,
// which only this leader knows. The one writer calls it, only for writes with an idempotency key.
internal sealed class Sessions(int limit, TimeProvider time)
{
    // A program that is suspended overnight can still send its last write again.
    internal static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, State> _sessions = [];
    private readonly long _opened = time.GetTimestamp();

    // By elapsed time: a change of the clock ends no session.
    private TimeSpan Now => time.GetElapsedTime(_opened);

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _sessions.Count;
            }
        }
    }

    // Reads the records of earlier leaders. Throws if a later version wrote a record that this one does not know.
    internal static Sessions Load(LevelDatabase database, int limit, TimeProvider time)
    {
        Sessions sessions = new(limit, time);
        DateTimeOffset now = time.GetUtcNow();
        // All records or an error: without its record, a write that is sent again would be applied again.
        RangeWalk walk = new(database, snapshot: null, ReservedKeys.Range) { Values = true, Reserved = true };
        walk.Run((key, value) =>
        {
            SessionRecord.CheckFormat(value);
            if (SessionRecord.SessionOf(key) is { } session)
            {
                SessionRecord record = SessionRecord.Decode(value);
                TimeSpan age = now > record.Used ? now - record.Used : TimeSpan.Zero;
                sessions._sessions[session] = new() { Number = record.Number, ETag = record.ETag, Progress = record.Progress, Used = -age };
            }

            return true;
        });

        return sessions;
    }

    // The writer calls this before a write is applied. It sets the verdict, or returns a refusal.
    internal RaveException? LookUp(SessionWrite write)
    {
        lock (_gate)
        {
            if (Find(write.Key) is not { } state)
            {
                return new(ErrorCodes.TooMany, $"There are {limit} sessions, which is the limit. End one, or use an existing one.");
            }

            if (write.Key.Number > state.Number)
            {
                write.Verdict = SessionVerdict.Apply;
                return null;
            }

            bool isOtherWrite = state.Progress is not null && !write.IsClear;
            return write.Key.Number < state.Number || isOtherWrite ? Stale(write.Key) : Repeat(write, state);
        }
    }

    // The writer calls this when the write and its record are applied.
    internal void Remember(SessionWrite write)
    {
        lock (_gate)
        {
            // A later write may have been refused meanwhile, without waiting for this one.
            if (Find(write.Key) is { } state && write.Key.Number >= state.Number)
            {
                state.Set(write.Key.Number, write.ETag, write.Then, refusal: null);
            }
        }
    }

    // Nothing was applied, and a late duplicate gets the same answer.
    internal void Refuse(IdempotencyKey key, RaveException refusal)
    {
        lock (_gate)
        {
            if (Find(key) is { } state && key.Number > state.Number)
            {
                state.Set(key.Number, etag: null, progress: null, refusal);
            }
        }
    }

    // The progress of an earlier attempt of a clear, or that it has ended. Throws if the write was refused.
    internal ClearProgress? ProgressOf(IdempotencyKey key, out bool ended)
    {
        lock (_gate)
        {
            ended = false;
            if (!_sessions.TryGetValue(key.Session, out State? state) || state.Number < key.Number)
            {
                return null;
            }

            if (state.Number > key.Number || state.Refusal is not null)
            {
                throw state.Refusal is not null && state.Number == key.Number ? state.Refusal.Copy() : Stale(key);
            }

            ended = state.Progress is null;
            return state.Progress;
        }
    }

    internal List<string> Unused()
    {
        lock (_gate)
        {
            return [.. _sessions.Where(session => IsUnused(session.Value)).Select(session => session.Key)];
        }
    }

    // The writer calls this. Forgets the sessions, and returns the keys of the records to delete.
    internal IEnumerable<byte[]> End(SessionEnd end)
    {
        lock (_gate)
        {
            bool Ends(string session) => _sessions.TryGetValue(session, out State? state) && (!end.OnlyUnused || IsUnused(state));
            List<string> ended = [.. end.Sessions.Where(Ends)];
            ended.ForEach(session => _sessions.Remove(session));
            return ended.Select(SessionRecord.KeyOf);
        }
    }

    internal byte[] RecordOf(SessionWrite write) =>
        new SessionRecord(write.Key.Number, time.GetUtcNow(), write.ETag, write.Then).Encode();

    private static RaveException? Repeat(SessionWrite write, State state)
    {
        if (state.Refusal is not null)
        {
            return state.Refusal.Copy();
        }

        if (state.Progress is null)
        {
            write.Verdict = SessionVerdict.AppliedBefore;
            write.ETag = state.ETag;
        }
        else
        {
            write.Verdict = state.Progress == write.From ? SessionVerdict.Apply : SessionVerdict.Superseded;
        }

        return null;
    }

    private static RaveException Stale(IdempotencyKey key) => new(
        ErrorCodes.StaleRetry,
        $"The session already has another write with number {key.Number} or higher. This write was not executed now, and the result of an "
        + "earlier attempt is not known any more. Read its keys to see whether it was applied.");

    private bool IsUnused(State state) => Now - state.Used >= Lifetime;

    // Adds a new session. Null if there are too many.
    private State? Find(IdempotencyKey key)
    {
        if (!_sessions.TryGetValue(key.Session, out State? state))
        {
            if (_sessions.Count >= limit)
            {
                return null;
            }

            _sessions.Add(key.Session, state = new());
        }

        state.Used = Now;
        return state;
    }

    private sealed class State
    {
        // Below any number of a write.
        internal long Number { get; set; } = -1;

        internal string? ETag { get; set; }

        internal ClearProgress? Progress { get; set; }

        internal RaveException? Refusal { get; private set; }

        internal TimeSpan Used { get; set; }

        internal void Set(long number, string? etag, ClearProgress? progress, RaveException? refusal) =>
            (Number, ETag, Progress, Refusal) = (number, etag, progress, refusal);
    }
}
