namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    /// <summary>A part of this level with text for keys and values.</summary>
    /// <param name="name">Its name: printable ASCII without white space, <c>!</c> and <c>"</c>.</param>
    /// <returns>The sublevel. Nothing is stored by making one; two of the same name are the same.</returns>
    /// <exception cref="RaveException"><c>LEVEL_INVALID_PREFIX</c> when the name is empty or holds other characters.</exception>
    public Sublevel<string, string> Sublevel(string name) => Sublevel(name, Encodings.Utf8, Encodings.Utf8);

    /// <summary>A part of this level with text for keys.</summary>
    /// <typeparam name="TSubValue">What its values are.</typeparam>
    /// <param name="name">Its name: printable ASCII without white space, <c>!</c> and <c>"</c>.</param>
    /// <param name="valueEncoding">How its values become bytes.</param>
    /// <returns>The sublevel.</returns>
    /// <exception cref="RaveException"><c>LEVEL_INVALID_PREFIX</c> when the name is empty or holds other characters.</exception>
    public Sublevel<string, TSubValue> Sublevel<TSubValue>(string name, IEncoding<TSubValue> valueEncoding) => Sublevel(name, Encodings.Utf8, valueEncoding);

    /// <summary>A part of this level with keys and values of other types.</summary>
    /// <typeparam name="TSubKey">What its keys are.</typeparam>
    /// <typeparam name="TSubValue">What its values are.</typeparam>
    /// <param name="name">Its name: printable ASCII without white space, <c>!</c> and <c>"</c>.</param>
    /// <param name="keyEncoding">How its keys become bytes.</param>
    /// <param name="valueEncoding">How its values become bytes.</param>
    /// <param name="separator">What stands around the name in stored keys; name and separator make the prefix.</param>
    /// <returns>The sublevel.</returns>
    /// <exception cref="RaveException"><c>LEVEL_INVALID_PREFIX</c> when the name is empty or holds other characters.</exception>
    public Sublevel<TSubKey, TSubValue> Sublevel<TSubKey, TSubValue>(
        string name, IEncoding<TSubKey> keyEncoding, IEncoding<TSubValue> valueEncoding, char separator = '!')
    {
        ArgumentNullException.ThrowIfNull(keyEncoding);
        ArgumentNullException.ThrowIfNull(valueEncoding);
        return new(() => Database, PrefixBytes, PathNames, [name], separator, keyEncoding, valueEncoding);
    }

    /// <summary>This level with other encodings, for a call or many: the same entries, seen as other types.</summary>
    /// <typeparam name="TOtherKey">What its keys are then.</typeparam>
    /// <typeparam name="TOtherValue">What its values are then.</typeparam>
    /// <param name="keyEncoding">How keys become bytes.</param>
    /// <param name="valueEncoding">How values become bytes.</param>
    /// <returns>The level. Nothing is stored by making one; it costs one small object.</returns>
    public AbstractLevel<TOtherKey, TOtherValue> WithEncodings<TOtherKey, TOtherValue>(IEncoding<TOtherKey> keyEncoding, IEncoding<TOtherValue> valueEncoding)
    {
        ArgumentNullException.ThrowIfNull(keyEncoding);
        ArgumentNullException.ThrowIfNull(valueEncoding);
        return new Sublevel<TOtherKey, TOtherValue>(() => Database, PrefixBytes, PathNames, [], '!', keyEncoding, valueEncoding);
    }
}
