using Rave.Etcd.Keys;
using Rave.Etcd.Wire;
using Rave.Server.Storage;

namespace Rave.Etcd.Changes;

// Gathers the events of a revision, which is a batch, until all of them have come. A place counts them all, also those outside of the
// range, so that it means the same to subscriptions of other ranges.
internal sealed class RevisionEvents(Keyspace keys, KeyRange range, long epoch)
{
    // Behind all changes of a revision, however many they were.
    internal const int Whole = int.MaxValue;

    private readonly List<Event> _events = [];

    // What comes next: behind so many events of this revision.
    internal long Revision { get; private set; }

    private int _skip;

    internal void Begin(ChangePosition behind)
    {
        _events.Clear();
        (Revision, _skip) = behind.Index == Whole ? (behind.Sequence + 1, 0) : (behind.Sequence, behind.Index + 1);
    }

    // What was gathered of a revision comes again.
    internal void Restart() => _events.Clear();

    // The changes that are complete with this message; if none of them is in the range, the place behind them.
    internal List<Delivery> Take(WatchResponse response)
    {
        List<Delivery> complete = [];
        long before = Revision;
        foreach (Event change in response.Events)
        {
            if (_events.Count > 0 && _events[0].Kv.ModRevision != change.Kv.ModRevision)
            {
                Complete(complete);
            }

            _events.Add(change);
        }

        if (!response.Fragment && _events.Count > 0)
        {
            Complete(complete);
        }

        if (complete.Count == 0 && Revision > before)
        {
            // A quiet range in a busy database: without this, its subscriber would stay at a place that is compacted some day.
            complete.Add(PlaceOnly(Revision - 1));
        }

        return complete;
    }

    // Everything up to this revision has come.
    internal Delivery? Reached(long revision)
    {
        if (revision < Revision)
        {
            return null;
        }

        Begin(new(revision, Whole));
        return PlaceOnly(revision);
    }

    internal FeedPlace PlaceOf(long revision, int index) => new(epoch, new(revision, index));

    private Delivery PlaceOnly(long revision) => new(null, default, default, PlaceOf(revision, Whole), IsLast: false);

    private void Complete(List<Delivery> complete)
    {
        long revision = _events[0].Kv.ModRevision;
        int skipped = revision == Revision ? _skip : 0;
        int last = _events.FindLastIndex(change => range.Contains(keys.KeyOf(change.Kv)));
        for (int i = skipped; i <= last; i++)
        {
            KeyValue entry = _events[i].Kv;
            ReadOnlySpan<byte> key = keys.KeyOf(entry);
            if (range.Contains(key))
            {
                ChangeType type = _events[i].Type == EventType.Put ? ChangeType.Put : ChangeType.Delete;
                complete.Add(new(
                    type, entry.Key.Memory[^key.Length..], entry.Value.Memory,
                    PlaceOf(revision, i == last ? Whole : i), i == last));
            }
        }

        Begin(new(revision, Whole));
    }
}
