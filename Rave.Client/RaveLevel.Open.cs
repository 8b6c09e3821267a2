namespace Rave.Client;

/// <summary>
/// A database whose keys and values are text. <see cref="OpenAsync(string, RaveOptions?, CancellationToken)"/> opens one.
/// </summary>
public sealed partial class RaveLevel : RaveLevel<string, string>
{
    private RaveLevel()
        : base(Encodings.Utf8, Encodings.Utf8)
    {
    }

    /// <summary>Opens a database whose keys and values are text. The handle becomes the leader, or follows the current one.</summary>
    /// <param name="location">The directory of the database. It is created if it does not exist, unless the options forbid it.</param>
    /// <param name="options">Options of the handle, which copies them, or <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels opening.</param>
    /// <returns>
    /// A task that completes with the handle when it leads or follows. Close the handle, so that another process can lead at once.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The location is empty, or an option is invalid; <see cref="ArgumentException.ParamName"/> names it.
    /// </exception>
    /// <exception cref="RaveException">
    /// <c>LEVEL_LOCKED</c>: a program that does not use this library holds the database. <c>LEVEL_DATABASE_NOT_OPEN</c>: there is no
    /// database, or there is one already, and the options forbid it. <c>LEVEL_CORRUPTION</c>: the data is damaged. <c>LEVEL_IO_ERROR</c>: a
    /// file cannot be read or written. <c>LEVEL_FORBIDDEN</c>: this user may only follow, and there is no leader.
    /// <c>LEVEL_CONNECTION_LOST</c>: no leader could be reached within <see cref="RaveOptions.OpenTimeout"/>.
    /// </exception>
    public static async Task<RaveLevel> OpenAsync(
        string location, RaveOptions? options = null, CancellationToken cancellationToken = default)
    {
        RaveLevel level = new();
        await level.ConnectAsync(location, options, cancellationToken).ConfigureAwait(false);
        return level;
    }

    /// <summary>Opens a database with other keys and values. The handle becomes the leader, or follows the current one.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="location">The directory of the database. It is created if it does not exist, unless the options forbid it.</param>
    /// <param name="keyEncoding">The encoding of keys.</param>
    /// <param name="valueEncoding">The encoding of values.</param>
    /// <param name="options">Options of the handle, which copies them, or <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels opening.</param>
    /// <returns>
    /// A task that completes with the handle when it leads or follows. Close the handle, so that another process can lead at once.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The location is empty, or an option is invalid; <see cref="ArgumentException.ParamName"/> names it.
    /// </exception>
    /// <exception cref="RaveException">As for <see cref="OpenAsync(string, RaveOptions?, CancellationToken)"/>.</exception>
    public static async Task<RaveLevel<TKey, TValue>> OpenAsync<TKey, TValue>(
        string location,
        IEncoding<TKey> keyEncoding,
        IEncoding<TValue> valueEncoding,
        RaveOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keyEncoding);
        ArgumentNullException.ThrowIfNull(valueEncoding);
        RaveLevel<TKey, TValue>.Typed level = new(keyEncoding, valueEncoding);
        await level.ConnectAsync(location, options, cancellationToken).ConfigureAwait(false);
        return level;
    }
}
