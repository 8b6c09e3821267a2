using Rave.Etcd.Keys;
using Rave.Etcd.Wire;
using Rave.Server.Storage;

namespace Rave.Etcd.Changes;

// Gathers the events of a revision until it is complete. A revision is a batch. A place counts all events, also those outside the range,
// so that it means the same to subscriptions of other ranges.
internal sealed class RevisionEvents(Keyspace keys, KeyRange range, long epoch)
{
    // An index after all changes of a revision.
    internal const int AllEvents = int.MaxValue;

    private readonly List<Event> _events = [];

    // The revision of the next event. Its first _skip events were delivered already.
    internal long Revision { get; private set; }

    private int _skip;

    internal void Begin(ChangePosition behind)
    {
        _events.Clear();
        (Revision, _skip) = behind.Index == AllEvents ? (behind.Sequence + 1, 0) : (behind.Sequence, behind.Index + 1);
    }

    // Drops the events of an incomplete revision, because a new watch sends them again.
    internal void Restart() => _events.Clear();

    // Returns the changes that this message completes. If none of them is in the range, it returns the place after them.
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
            // For a range that seldom changes in a busy database. Otherwise its subscriber would stay at a place that is compacted later.
            complete.Add(PlaceOnly(Revision - 1));
        }

        return complete;
    }

    // Call it when all events up to this revision were received.
    internal Delivery? MoveTo(long revision)
    {
        if (revision < Revision)
        {
            return null;
        }

        Begin(new(revision, AllEvents));
        return PlaceOnly(revision);
    }

    internal FeedPlace PlaceOf(long revision, int index) => new(epoch, new(revision, index));

    private Delivery PlaceOnly(long revision) => new(null, default, default, PlaceOf(revision, AllEvents), IsLast: false);

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
                    PlaceOf(revision, i == last ? AllEvents : i), i == last));
            }
        }

        Begin(new(revision, AllEvents));
    }
}
