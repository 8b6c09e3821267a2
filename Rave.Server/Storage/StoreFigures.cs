namespace Rave.Server.Storage;

// The operations of a store since it was opened, and its current contents.
internal readonly record struct StoreFigures(
    long Gets, long Writes, long Scans, long Clears, int Snapshots, int Subscribers, int WaitingWrites);
