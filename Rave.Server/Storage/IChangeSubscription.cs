namespace Rave.Server.Storage;

// The changes of a range, in the order in which they were applied. One reader at a time.
internal interface IChangeSubscription : IDisposable
{
    // After the last change that was read. Null if that is not known: a gap is next.
    FeedPlace? Place { get; }

    // The next change, valid until the next call. False if there is none yet. Throws LEVEL_DATABASE_NOT_OPEN when the feed has ended.
    bool TryRead(out Change change);

    // Completes when there may be a change to read. Fails with LEVEL_DATABASE_NOT_OPEN when the feed has ended.
    Task WaitAsync(CancellationToken cancellationToken);
}
