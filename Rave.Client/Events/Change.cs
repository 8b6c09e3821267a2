namespace Rave.Client;

/// <summary>A change of a level. Its key and value are decoded when they are read.</summary>
/// <typeparam name="TKey">The type of keys.</typeparam>
/// <typeparam name="TValue">The type of values.</typeparam>
public sealed class Change<TKey, TValue>
{
    private readonly AbstractLevel<TKey, TValue> _level;
    private readonly RawChange _raw;

    internal Change(AbstractLevel<TKey, TValue> level, RawChange raw)
    {
        _level = level;
        _raw = raw;
    }

    /// <summary>Gets the kind of the change.</summary>
    public ChangeKind Kind => _raw.Kind;

    /// <summary>Gets whether this is the last change of its batch in the requested range. Only the change feed sets it.</summary>
    public bool IsLast => _raw.IsLast;

    /// <summary>
    /// Gets the key of a put or delete, without the prefix of the level. It includes the prefixes of sublevels of the level.
    /// </summary>
    /// <exception cref="InvalidOperationException">The change is neither a put nor a delete.</exception>
    /// <exception cref="RaveException"><c>LEVEL_DECODE_ERROR</c>: the bytes do not have the encoding of the level.</exception>
    public TKey Key => Kind is ChangeKind.Put or ChangeKind.Delete ? _level.DecodeKey(_raw.Key) : throw Has("key");

    /// <summary>Gets the value of a put.</summary>
    /// <exception cref="InvalidOperationException">The change is not a put.</exception>
    /// <exception cref="RaveException"><c>LEVEL_DECODE_ERROR</c>: the bytes do not have the encoding of the level.</exception>
    public TValue Value => Kind is ChangeKind.Put ? _level.DecodeValue(_raw.Value, _raw.Key) : throw Has("value");

    /// <summary>
    /// Determines whether the change may have changed an entry: a put or delete, its own entry; a clear, the entries in its range; a gap,
    /// every entry.
    /// </summary>
    /// <param name="key">The key of the entry.</param>
    /// <returns><see langword="false"/> if the entry is certainly unchanged.</returns>
    public bool Touches(TKey key) => Kind switch
    {
        ChangeKind.Gap => true,
        ChangeKind.Clear => _raw.Range.Contains(_level.EncodeKey(key)),
        _ => _raw.Key.AsSpan().SequenceEqual(_level.EncodeKey(key)),
    };

    private InvalidOperationException Has(string what) => new($"A change of kind {Kind} has no {what}.");
}
