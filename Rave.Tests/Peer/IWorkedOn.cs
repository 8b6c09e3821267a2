namespace Rave.Tests.Peer;

// A database as the workload uses it. Failures are RaveException.
internal interface IWorkedOn
{
    // As of one moment.
    Task<string?[]> GetAsync(string[] keys);

    Task<string?[]> ScanAsync(string prefix);

    // All or none. Null deletes.
    Task WriteAsync((string Key, string? Value)[] writes);

    // Whether the expected value was stored, or none if it is null.
    Task<bool> SetAsync(string key, string? expected, string? value);
}
