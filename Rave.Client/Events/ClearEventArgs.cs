namespace Rave.Client;

/// <summary>Data of the event <see cref="AbstractLevel{TKey, TValue}.Cleared"/>.</summary>
/// <typeparam name="TKey">The type of keys.</typeparam>
/// <typeparam name="TValue">The type of values.</typeparam>
public sealed class ClearEventArgs<TKey, TValue> : EventArgs
{
    internal ClearEventArgs(Change<TKey, TValue> change, RangeOptions<TKey>? range)
    {
        Change = change;
        Range = range;
    }

    /// <summary>
    /// Gets the cleared range, also if another level was cleared. <see cref="Change{TKey, TValue}.Touches"/> says which entries may be
    /// deleted.
    /// </summary>
    public Change<TKey, TValue> Change { get; }

    /// <summary>Gets the range that the caller passed, or <see langword="null"/> if a level above or below was cleared.</summary>
    public RangeOptions<TKey>? Range { get; }
}
