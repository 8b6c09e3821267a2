using System.Diagnostics.CodeAnalysis;

namespace Rave.Client;

/// <summary>
/// The result of a read that distinguishes a missing entry from a default value:
/// <c>if (await db.TryGetAsync(key) is { Found: true, Value: var value })</c>. The default is a missing entry.
/// </summary>
/// <typeparam name="TValue">The type of values.</typeparam>
public readonly record struct Lookup<TValue>
{
    /// <summary>Creates the result for an entry that exists.</summary>
    /// <param name="value">The value.</param>
    public Lookup(TValue value)
    {
        Found = true;
        Value = value;
    }

    /// <summary>Gets whether the entry exists.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool Found { get; }

    /// <summary>Gets the value, or the default of its type if <see cref="Found"/> is <see langword="false"/>.</summary>
    public TValue? Value { get; }

    /// <summary>Splits the result.</summary>
    /// <param name="found">Whether the entry exists.</param>
    /// <param name="value">The value, or the default of its type.</param>
    public void Deconstruct(out bool found, out TValue? value) => (found, value) = (Found, Value);
}
