namespace Rave.Client;

/// <summary>What one atomic write of this handle has changed.</summary>
/// <typeparam name="TKey">What keys are.</typeparam>
/// <typeparam name="TValue">What values are.</typeparam>
public sealed class WriteEventArgs<TKey, TValue> : EventArgs
{
    internal WriteEventArgs(IReadOnlyList<Change<TKey, TValue>> changes) => Changes = changes;

    /// <summary>Its puts and dels on keys of this level, in order; those that hooks added come last.</summary>
    public IReadOnlyList<Change<TKey, TValue>> Changes { get; }
}
