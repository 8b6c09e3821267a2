namespace Rave.Server.Storage;

// The changes of a range, in the order in which they are applied. One reader at a time.
internal interface IChangeSubscription : IDisposable
{
    // Behind the last change that was read. Null where that is not known: a gap comes next.
    FeedPlace? Place { get; }

    // The next change, good until the next call. False when there is none yet. Throws LEVEL_DATABASE_NOT_OPEN once the feed has ended.
    bool TryRead(out Change change);

    // Completes when there may be something to read. Fails with LEVEL_DATABASE_NOT_OPEN once the feed has ended.
    Task WaitAsync(CancellationToken cancellationToken);
}
