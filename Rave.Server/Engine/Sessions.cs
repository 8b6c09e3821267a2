using Rave.Server.LevelDb;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// The last write of every session and what became of it: all of those on disk, so that no write has to look there, and those that
// were refused, which only this leader knows. The one writer decides and remembers; only keyed writes come here.
internal sealed class Sessions(int limit, TimeProvider time)
{
    // Long enough for a program that is suspended over night to send its last write again.
    internal static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, State> _sessions = [];
    private readonly long _opened = time.GetTimestamp();

    // Of this process's own clock: a jump of the wall clock ends nobody's session.
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

    // Reads what earlier leaders recorded. Throws where a later version wrote something that this one does not know.
    internal static Sessions Load(LevelDatabase database, int limit, TimeProvider time)
    {
        Sessions sessions = new(limit, time);
        DateTimeOffset now = time.GetUtcNow();
        // All of them or an error: without its record, a write that is sent again would be applied again.
        new RangeWalk(database, snapshot: null, ReservedKeys.Range) { Values = true, Reserved = true }.Run((key, value) =>
        {
            SessionRecord.CheckFormat(value);
            if (SessionRecord.SessionOf(key) is { } session)
            {
                SessionRecord record = SessionRecord.Decode(value);
                TimeSpan age = now > record.Used ? now - record.Used : TimeSpan.Zero;
                sessions._sessions[session] = new() { Number = record.Number, ETag = record.ETag, Place = record.Place, Used = -age };
            }

            return true;
        });

        return sessions;
    }

    // By the writer, before a write is applied: its verdict, or what refuses it.
    internal RaveException? LookUp(SessionWrite write)
    {
        lock (_gate)
        {
            if (Find(write.Key) is not { } state)
            {
                return new(ErrorCodes.TooMany, $"{limit} sessions are remembered, which is the limit; end some, or go on in one that there is.");
            }

            if (write.Key.Number > state.Number)
            {
                write.Verdict = SessionVerdict.GoesAhead;
                return null;
            }

            return write.Key.Number < state.Number || (state.Place is not null && !write.IsClear) ? Stale(write.Key) : Again(write, state);
        }
    }

    // By the writer, once the write has been applied with its record.
    internal void Remember(SessionWrite write)
    {
        lock (_gate)
        {
            // A later one may have been refused meanwhile, without waiting for this one.
            if (Find(write.Key) is { } state && write.Key.Number >= state.Number)
            {
                state.Set(write.Key.Number, write.ETag, write.Then, refusal: null);
            }
        }
    }

    // Nothing of it was applied, and nothing of it will be: a late duplicate gets the same answer.
    internal void Refuse(IdempotencyKey key, RaveException refusal)
    {
        lock (_gate)
        {
            if (Find(key) is { } state && key.Number > state.Number)
            {
                state.Set(key.Number, etag: null, place: null, refusal);
            }
        }
    }

    // Before a clear reads anything: where an earlier attempt stands, or that it has ended. Throws what the write was refused with.
    internal ClearPlace? PlaceOf(IdempotencyKey key, out bool ended)
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
                throw state.Refusal is not null && state.Number == key.Number ? state.Refusal.Again() : Stale(key);
            }

            ended = state.Place is null;
            return state.Place;
        }
    }

    internal List<string> Unused()
    {
        lock (_gate)
        {
            return [.. _sessions.Where(session => IsUnused(session.Value)).Select(session => session.Key)];
        }
    }

    // By the writer: forgets the sessions, and says which records go.
    internal IEnumerable<byte[]> End(SessionEnd end)
    {
        lock (_gate)
        {
            List<string> ended = [.. end.Sessions.Where(session => _sessions.TryGetValue(session, out State? state) && (!end.OnlyUnused || IsUnused(state)))];
            ended.ForEach(session => _sessions.Remove(session));
            return ended.Select(SessionRecord.KeyOf);
        }
    }

    internal byte[] RecordOf(SessionWrite write) => new SessionRecord(write.Key.Number, time.GetUtcNow(), write.ETag, write.Then).Encode();

    private static RaveException? Again(SessionWrite write, State state)
    {
        if (state.Refusal is not null)
        {
            return state.Refusal.Again();
        }

        if (state.Place is null)
        {
            write.Verdict = SessionVerdict.AppliedBefore;
            write.ETag = state.ETag;
        }
        else
        {
            write.Verdict = state.Place == write.From ? SessionVerdict.GoesAhead : SessionVerdict.MovedOn;
        }

        return null;
    }

    private static RaveException Stale(IdempotencyKey key) => new(
        ErrorCodes.StaleRetry,
        $"The session has a later write than {key.Number}, or another under that number: what became of this one is not known any more, and it was not executed.");

    private bool IsUnused(State state) => Now - state.Used >= Lifetime;

    // One that is new gets its place at once; null where there is none.
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
        // Before the first: any number is above.
        internal long Number { get; set; } = -1;

        internal string? ETag { get; set; }

        internal ClearPlace? Place { get; set; }

        internal RaveException? Refusal { get; private set; }

        internal TimeSpan Used { get; set; }

        internal void Set(long number, string? etag, ClearPlace? place, RaveException? refusal) =>
            (Number, ETag, Place, Refusal) = (number, etag, place, refusal);
    }
}
