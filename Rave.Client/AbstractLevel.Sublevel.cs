namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    /// <summary>Gets a part of this level whose keys and values are text.</summary>
    /// <param name="name">The name: printable ASCII without spaces, <c>!</c> and <c>"</c>. Separators at its ends are removed.</param>
    /// <returns>The sublevel. Creating it stores nothing. Sublevels with the same name share their entries.</returns>
    /// <exception cref="RaveException"><c>LEVEL_INVALID_PREFIX</c>: the name is empty or has other characters.</exception>
    public Sublevel<string, string> Sublevel(string name) => Sublevel(name, Encodings.Utf8, Encodings.Utf8);

    /// <summary>Gets a part of this level whose keys are text.</summary>
    /// <typeparam name="TSubValue">The type of its values.</typeparam>
    /// <param name="name">The name: printable ASCII without spaces, <c>!</c> and <c>"</c>. Separators at its ends are removed.</param>
    /// <param name="valueEncoding">The encoding of its values.</param>
    /// <returns>The sublevel. Creating it stores nothing. Sublevels with the same name share their entries.</returns>
    /// <exception cref="RaveException"><c>LEVEL_INVALID_PREFIX</c>: the name is empty or has other characters.</exception>
    public Sublevel<string, TSubValue> Sublevel<TSubValue>(string name, IEncoding<TSubValue> valueEncoding) =>
        Sublevel(name, Encodings.Utf8, valueEncoding);

    /// <summary>Gets a part of this level with other keys and values.</summary>
    /// <typeparam name="TSubKey">The type of its keys.</typeparam>
    /// <typeparam name="TSubValue">The type of its values.</typeparam>
    /// <param name="name">The name: printable ASCII without spaces, <c>!</c> and <c>"</c>. Separators at its ends are removed.</param>
    /// <param name="keyEncoding">The encoding of its keys.</param>
    /// <param name="valueEncoding">The encoding of its values.</param>
    /// <param name="separator">The character before and after the name in stored keys.</param>
    /// <returns>The sublevel. Creating it stores nothing. Sublevels with the same name and separator share their entries.</returns>
    /// <exception cref="RaveException"><c>LEVEL_INVALID_PREFIX</c>: the name is empty or has other characters.</exception>
    public Sublevel<TSubKey, TSubValue> Sublevel<TSubKey, TSubValue>(
        string name, IEncoding<TSubKey> keyEncoding, IEncoding<TSubValue> valueEncoding, char separator = '!')
    {
        ArgumentNullException.ThrowIfNull(keyEncoding);
        ArgumentNullException.ThrowIfNull(valueEncoding);
        return new(() => Database, PrefixBytes, PathNames, [name], separator, keyEncoding, valueEncoding);
    }

    /// <summary>Gets this level with other encodings: the same entries with other types.</summary>
    /// <typeparam name="TOtherKey">The other type of keys.</typeparam>
    /// <typeparam name="TOtherValue">The other type of values.</typeparam>
    /// <param name="keyEncoding">The other encoding of keys.</param>
    /// <param name="valueEncoding">The other encoding of values.</param>
    /// <returns>The level. It is a small object, and creating it stores nothing.</returns>
    public AbstractLevel<TOtherKey, TOtherValue> WithEncodings<TOtherKey, TOtherValue>(
        IEncoding<TOtherKey> keyEncoding, IEncoding<TOtherValue> valueEncoding)
    {
        ArgumentNullException.ThrowIfNull(keyEncoding);
        ArgumentNullException.ThrowIfNull(valueEncoding);
        return new Sublevel<TOtherKey, TOtherValue>(() => Database, PrefixBytes, PathNames, [], '!', keyEncoding, valueEncoding);
    }
}
