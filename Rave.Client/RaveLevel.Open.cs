namespace Rave.Client;

/// <summary>A database whose keys and values are text. <see cref="OpenAsync(string, RaveOptions?, CancellationToken)"/> opens one.</summary>
public sealed partial class RaveLevel : RaveLevel<string, string>
{
    private RaveLevel()
        : base(Encodings.Utf8, Encodings.Utf8)
    {
    }

    /// <summary>Opens a database: leads it, or follows whoever does.</summary>
    /// <param name="location">Its directory; created if there is none, unless the options say otherwise.</param>
    /// <param name="options">How; without it <see cref="RaveOptions.Default"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A handle, once it leads or follows. Close it: another process can then lead at once.</returns>
    /// <exception cref="ArgumentException">The location is empty, or an option is none that can be: <see cref="ArgumentException.ParamName"/> is its name.</exception>
    /// <exception cref="RaveException"><c>LEVEL_LOCKED</c> when a program that is no peer holds the database; <c>LEVEL_DATABASE_NOT_OPEN</c> when there
    /// is none, or one already, and the options forbid it; <c>LEVEL_CORRUPTION</c>; <c>LEVEL_IO_ERROR</c>; <c>LEVEL_FORBIDDEN</c> where this user may only follow and nobody leads; <c>LEVEL_CONNECTION_LOST</c> when the
    /// leader could not be reached by the deadline.</exception>
    public static async Task<RaveLevel> OpenAsync(string location, RaveOptions? options = null, CancellationToken cancellationToken = default)
    {
        RaveLevel level = new();
        await level.ConnectAsync(location, options, cancellationToken).ConfigureAwait(false);
        return level;
    }

    /// <summary>Opens a database whose keys and values are of other types.</summary>
    /// <typeparam name="TKey">What keys are.</typeparam>
    /// <typeparam name="TValue">What values are.</typeparam>
    /// <param name="location">Its directory; created if there is none, unless the options say otherwise.</param>
    /// <param name="keyEncoding">How keys become bytes.</param>
    /// <param name="valueEncoding">How values become bytes.</param>
    /// <param name="options">How; without it <see cref="RaveOptions.Default"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A handle, once it leads or follows.</returns>
    /// <exception cref="ArgumentException">The location is empty, or an option is none that can be: <see cref="ArgumentException.ParamName"/> is its name.</exception>
    /// <exception cref="RaveException">As of the other overload.</exception>
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
