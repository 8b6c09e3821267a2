using Rave.Server.Protocol;

namespace Rave.Server.Storage;

// An engine of another library: its limits, and how a database of it is opened. Its members can be asked without opening a database, which
// a cluster without a majority does not allow.
internal sealed record StorageEngine(
    string Name,
    Limits Limits,
    Func<string, EngineOptions, CancellationToken, Task<IServedStore>> Open,
    Func<string, TimeProvider, CancellationToken, Task<ClusterStatus>> Ask);
