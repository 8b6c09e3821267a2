using Rave.Server.Contracts;
using Rave.Server.Storage;

namespace Rave.Client.Coalescing;

// The reads of one handle that follows: single keys and many, gathered into get-manys.
internal sealed class ReadLane : IDisposable
{
    // Two, so that the leader reads for the one while the callers of the other are told.
    private static readonly LaneLimits Limits = new(Requests: 2, RequestBytes: 1 << 20, RequestCount: 10_000, Reads: true);

    private delegate void KeyWriter(PooledBuffer body, ReadOnlySpan<byte> key);

    private readonly Lane _lane;
    private readonly RaveOptions _options;

    internal ReadLane(LaneApi api, RaveOptions options, Func<Store?> own, Func<bool, LevelException> expired)
    {
        _options = options;
        _lane = new(Limits, options, request => SendAsync(api, own, request), expired);
    }

    internal ValueTask<byte[]?> GetAsync(byte[] key, string? snapshot, CancellationToken cancellationToken)
    {
        Pending<byte[]?> caller = new() { Count = 1 };
        Get(caller, key, snapshot, cancellationToken);
        return caller.Answer;
    }

    // The key is good for this call.
    internal void Get(Pending<byte[]?> caller, ReadOnlyMemory<byte> key, string? snapshot, CancellationToken cancellationToken)
    {
        Check(key.Length);
        Submit(caller, key, Bytes(key.Length), static (body, key) => OperationsBinaryWriter.Get(body, key.Span), snapshot, cancellationToken);
    }

    internal ValueTask<byte[]?[]> GetManyAsync(IReadOnlyList<byte[]> keys, string? snapshot, CancellationToken cancellationToken) =>
        ReadAsync<byte[]?[]>(keys, OperationsBinaryWriter.Get, snapshot, cancellationToken);

    internal ValueTask<bool[]> HasManyAsync(IReadOnlyList<byte[]> keys, string? snapshot, CancellationToken cancellationToken) =>
        ReadAsync<bool[]>(keys, OperationsBinaryWriter.Has, snapshot, cancellationToken);

    public void Dispose() => _lane.Dispose();

    private ValueTask<T> ReadAsync<T>(IReadOnlyList<byte[]> keys, KeyWriter write, string? snapshot, CancellationToken cancellationToken)
    {
        long bytes = 0;
        foreach (byte[] key in keys)
        {
            Check(key.Length);
            bytes += Bytes(key.Length);
        }

        Pending<T> caller = new() { Count = keys.Count };
        Submit(
            caller,
            (keys, write),
            bytes,
            static (body, asked) =>
            {
                foreach (byte[] key in asked.keys)
                {
                    asked.write(body, key);
                }
            },
            snapshot,
            cancellationToken);
        return caller.Answer;
    }

    private static long Bytes(int keyLength) => keyLength + 1 + Varint.MaxBytes;

    private static async Task SendAsync(LaneApi api, Func<Store?> own, LaneRequest request)
    {
        while (!await TryTakeAsync(own(), request).ConfigureAwait(false) && !await api.TryReadAsync(request).ConfigureAwait(false))
        {
            // This process has come to lead while the request was on its way.
        }
    }

    // False where this process does not lead, or has just stopped leading.
    private static async ValueTask<bool> TryTakeAsync(Store? own, LaneRequest request)
    {
        if (own is null)
        {
            return false;
        }

        // Elsewhere than on the caller or on the lane: both may have more to do.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return request.TryTakeValues(own);
    }

    private void Submit<T>(Pending caller, T what, long bytes, Action<PooledBuffer, T> encode, string? snapshot, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        caller.CancelBy(cancellationToken);
        bool alone = bytes > LaneLimits.SharedBytes || caller.Count > Limits.RequestCount;
        _lane.Submit(caller, bytes, alone, sync: false, what, encode, snapshot);
    }

    private void Check(int keyLength)
    {
        if (keyLength > _options.Limits.KeyBytes)
        {
            throw RaveException.From(WriteBatch.KeyTooLarge(keyLength, _options.Limits));
        }
    }
}
