namespace Rave.Server.Storage;

// What a handle asks of any engine.
internal sealed record EngineOptions(
    bool CreateIfMissing, bool ErrorIfExists, TimeSpan OpenTimeout, TimeSpan OperationTimeout, TimeProvider Time);
