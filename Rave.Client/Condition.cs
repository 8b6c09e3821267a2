using Rave.Server.Protocol;

namespace Rave.Client;

/// <summary>A condition for the value of a key. Check and write are one step: no other write comes between them.</summary>
public readonly record struct Condition
{
    private readonly Precondition? _precondition;

    // The level where the condition is used encodes it.
    private readonly object? _value;

    private Condition(Precondition precondition) => _precondition = precondition;

    private Condition(object value) => _value = value;

    /// <summary>Gets the condition that the key has a value.</summary>
    public static Condition Exists { get; } = new(Precondition.Exists);

    /// <summary>Gets the condition that the key has no value.</summary>
    public static Condition Missing { get; } = new(Precondition.Missing);

    /// <summary>
    /// Creates the condition that the key has this value. Bytes are compared, in the encoding of the level where the condition is used.
    /// </summary>
    /// <typeparam name="TValue">The type of values of that level.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns>The condition. A level with another type of values throws an <see cref="ArgumentException"/> for it.</returns>
    public static Condition ValueIs<TValue>(TValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new((object)value);
    }

    /// <summary>Creates the condition that the key has the value with this tag.</summary>
    /// <param name="etag">The tag with quotes, as HTTP sends it and <see cref="AbstractLevel{TKey, TValue}.ETagOf"/> computes it.</param>
    /// <returns>The condition.</returns>
    /// <exception cref="ArgumentException">The text is not a strong entity tag.</exception>
    public static Condition ETag(string etag)
    {
        ArgumentNullException.ThrowIfNull(etag);
        return Server.Protocol.ETag.IsStrong(etag)
            ? new(new Precondition(Wanted: true, [etag]))
            : throw new ArgumentException($"'{etag}' is not a strong entity tag, which is a text in quotes.", nameof(etag));
    }

    /// <summary>Describes the condition, such as <c>exists</c> or <c>value is 1</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => this switch
    {
        { _value: { } value } => $"value is {value}",
        { _precondition: { Tags: [var etag] } } => $"etag is {etag}",
        { _precondition.Wanted: true } => "exists",
        { _precondition.Wanted: false } => "missing",
        _ => "none",
    };

    internal Precondition On<TKey, TValue>(AbstractLevel<TKey, TValue> level) => this switch
    {
        { _precondition: { } precondition } => precondition,
        { _value: TValue value } => new(Wanted: true, [level.ETagOf(value)]),
        { _value: { } value } => throw new ArgumentException(
            $"The condition has a value of type {value.GetType().Name}, but values of this level have the type {typeof(TValue).Name}."),
        _ => throw new ArgumentException("The condition is empty. Use Condition.Exists, Missing, ValueIs or ETag."),
    };
}
