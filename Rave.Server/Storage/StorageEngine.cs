namespace Rave.Server.Storage;

// An engine of another library: its limits, and how a database of it is opened.
internal sealed record StorageEngine(Limits Limits, Func<string, EngineOptions, CancellationToken, Task<IServedStore>> Open);
