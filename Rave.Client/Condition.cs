using Rave.Server.Protocol;

namespace Rave.Client;

/// <summary>What must be true of a key for a write to happen. Checked and written in one step: no other write comes between.</summary>
public readonly record struct Condition
{
    private readonly Precondition? _precondition;

    private Condition(Precondition precondition) => _precondition = precondition;

    /// <summary>The key has a value, whichever.</summary>
    public static Condition Exists { get; } = new(Server.Protocol.Precondition.Exists);

    /// <summary>The key has no value.</summary>
    public static Condition Missing { get; } = new(Server.Protocol.Precondition.Missing);

    internal Precondition Precondition =>
        _precondition ?? throw new ArgumentException("A condition is made with Condition.Exists, Condition.Missing or Condition.ETag.");

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
}
