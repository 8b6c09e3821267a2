namespace Rave.Client;

public sealed partial class RaveLevel
{
    /// <summary>
    /// Opens an empty database in the memory of this process, for tests of programs that use a database. It needs no directory and no
    /// native library. Each handle has its own data, which is lost when the handle closes.
    /// </summary>
    /// <param name="options">
    /// Options of the handle, which copies them, or <see langword="null"/> for the defaults. Only <see cref="RaveOptions.Limits"/>,
    /// <see cref="RaveOptions.TimeProvider"/> and <see cref="RaveOptions.LoggerFactory"/> count.
    /// </param>
    /// <param name="cancellationToken">Cancels opening.</param>
    /// <returns>A task that completes with the handle. It leads as long as it is open.</returns>
    /// <exception cref="ArgumentException">An option is invalid; <see cref="ArgumentException.ParamName"/> names it.</exception>
    public static Task<RaveLevel> OpenInMemoryAsync(RaveOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RaveLevel level = new();
        level.OpenInMemory(options);
        return Task.FromResult(level);
    }

    /// <summary>Opens an empty database with other keys and values in the memory of this process.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="keyEncoding">The encoding of keys.</param>
    /// <param name="valueEncoding">The encoding of values.</param>
    /// <param name="options">As for <see cref="OpenInMemoryAsync(RaveOptions?, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Cancels opening.</param>
    /// <returns>A task that completes with the handle. It leads as long as it is open.</returns>
    /// <exception cref="ArgumentException">An option is invalid; <see cref="ArgumentException.ParamName"/> names it.</exception>
    public static Task<RaveLevel<TKey, TValue>> OpenInMemoryAsync<TKey, TValue>(
        IEncoding<TKey> keyEncoding,
        IEncoding<TValue> valueEncoding,
        RaveOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keyEncoding);
        ArgumentNullException.ThrowIfNull(valueEncoding);
        cancellationToken.ThrowIfCancellationRequested();
        RaveLevel<TKey, TValue>.Typed level = new(keyEncoding, valueEncoding);
        level.OpenInMemory(options);
        return Task.FromResult<RaveLevel<TKey, TValue>>(level);
    }
}
