using Rave.Client;

namespace Rave.Tests.Peer;

internal sealed class HandleWork(RaveLevel db) : IWorkedOn
{
    public async Task<string?[]> GetAsync(string[] keys) =>
        keys is [var only] ? [await db.GetAsync(only)] : [.. await db.GetManyAsync(keys)];

    public async Task<string?[]> ScanAsync(string prefix) =>
        [.. await db.Iterate(new() { Prefix = prefix }).Select(entry => entry.Value).ToArrayAsync()];

    public async Task WriteAsync((string Key, string? Value)[] writes)
    {
        switch (writes)
        {
            case [(var key, null)]:
                await db.DeleteAsync(key);
                break;
            case [(var key, var value)]:
                await db.PutAsync(key, value);
                break;
            default:
                await db.BatchAsync(writes.Select(write =>
                    write.Value is null ? BatchOperation.Delete<string, string>(write.Key) : BatchOperation.Put(write.Key, write.Value)));
                break;
        }
    }

    public async Task<bool> SetAsync(string key, string? expected, string? value)
    {
        Condition condition = expected is null ? Condition.Missing : Condition.ETag(db.ETagOf(expected));
        return value is null ? await db.DeleteIfAsync(key, condition) : await db.PutIfAsync(key, value, condition);
    }
}
