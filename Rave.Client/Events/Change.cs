namespace Rave.Client;

/// <summary>One change of a level. Its key and value are decoded when they are asked for.</summary>
/// <typeparam name="TKey">What keys are.</typeparam>
/// <typeparam name="TValue">What values are.</typeparam>
public sealed class Change<TKey, TValue>
{
    private readonly AbstractLevel<TKey, TValue> _level;
    private readonly RawChange _raw;

    internal Change(AbstractLevel<TKey, TValue> level, RawChange raw)
    {
        _level = level;
        _raw = raw;
    }

    /// <summary>What it did.</summary>
    public ChangeKind Kind => _raw.Kind;

    /// <summary>Whether nothing more of its batch follows, as far as it lies in the range that was asked for. Of the change feed only.</summary>
    public bool IsLast => _raw.IsLast;

    /// <summary>The key of a put or del; behind the level's own prefix, so the names of nested sublevels are part of it.</summary>
    /// <exception cref="InvalidOperationException">It is neither.</exception>
    /// <exception cref="RaveException"><c>LEVEL_DECODE_ERROR</c> when the stored bytes are not of the level's encoding.</exception>
    public TKey Key => Kind is ChangeKind.Put or ChangeKind.Delete ? _level.DecodeKey(_raw.Key) : throw Has("key");

    /// <summary>The value of a put.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    /// <exception cref="RaveException"><c>LEVEL_DECODE_ERROR</c> when the stored bytes are not of the level's encoding.</exception>
    public TValue Value => Kind is ChangeKind.Put ? _level.DecodeValue(_raw.Value, _raw.Key) : throw Has("value");

    /// <summary>Whether an entry may have changed by it: the one of a put or del, those in the range of a clear, every one in a gap.</summary>
    /// <param name="key">The entry's key.</param>
    /// <returns><see langword="false"/> when it is certain that it did not.</returns>
    public bool Touches(TKey key) => Kind switch
    {
        ChangeKind.Gap => true,
        ChangeKind.Clear => _raw.Range.Contains(_level.EncodeKey(key)),
        _ => _raw.Key.AsSpan().SequenceEqual(_level.EncodeKey(key)),
    };

    private InvalidOperationException Has(string what) => new($"A change of kind {Kind} has no {what}.");
}
