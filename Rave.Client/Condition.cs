using Rave.Server.Protocol;

namespace Rave.Client;

/// <summary>What must be true of a key for a write to happen. Checked and written in one step: no other write comes between.</summary>
public readonly record struct Condition
{
    private readonly Precondition? _precondition;

    // Becomes bytes by the encoding of the level that the condition is used on.
    private readonly object? _value;

    private Condition(Precondition precondition) => _precondition = precondition;

    private Condition(object value) => _value = value;

    /// <summary>The key has a value, whichever.</summary>
    public static Condition Exists { get; } = new(Precondition.Exists);

    /// <summary>The key has no value.</summary>
    public static Condition Missing { get; } = new(Precondition.Missing);

    /// <summary>The key has this value. Compared by its bytes, in the encoding of the level that the condition is used on.</summary>
    /// <typeparam name="TValue">What values of that level are.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns>The condition. A level whose values are of another type throws <see cref="ArgumentException"/> for it.</returns>
    public static Condition ValueIs<TValue>(TValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new((object)value);
    }

    /// <summary>The key has the value with this tag.</summary>
    /// <param name="etag">A tag as HTTP sends it and <see cref="AbstractLevel{TKey, TValue}.ETagOf"/> computes it, quotes included.</param>
    /// <returns>The condition.</returns>
    /// <exception cref="ArgumentException">It is no strong entity tag.</exception>
    public static Condition ETag(string etag)
    {
        ArgumentNullException.ThrowIfNull(etag);
        return Server.Protocol.ETag.IsStrong(etag)
            ? new(new Precondition(Wanted: true, [etag]))
            : throw new ArgumentException($"'{etag}' is no strong entity tag, which is quoted text.", nameof(etag));
    }

    /// <summary>The condition as one would say it, such as <c>exists</c> or <c>value is 1</c>.</summary>
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
        { _value: { } value } => throw new ArgumentException($"The condition is about a {value.GetType().Name}, and values of this level are {typeof(TValue).Name}."),
        _ => throw new ArgumentException("A condition is made with Condition.Exists, Condition.Missing, Condition.ValueIs or Condition.ETag."),
    };
}
