namespace Rave.Client;

/// <summary>What a clear of this handle has emptied.</summary>
/// <typeparam name="TKey">What keys are.</typeparam>
/// <typeparam name="TValue">What values are.</typeparam>
public sealed class ClearEventArgs<TKey, TValue> : EventArgs
{
    internal ClearEventArgs(Change<TKey, TValue> change, RangeOptions<TKey>? range)
    {
        Change = change;
        Range = range;
    }

    /// <summary>The whole range, whatever level was asked to clear it; <see cref="Change{TKey, TValue}.Touches"/> tells which entries may be gone.</summary>
    public Change<TKey, TValue> Change { get; }

    /// <summary>The range as this level was asked to clear it, with limit and direction; <see langword="null"/> when a level above or below was asked.</summary>
    public RangeOptions<TKey>? Range { get; }
}
