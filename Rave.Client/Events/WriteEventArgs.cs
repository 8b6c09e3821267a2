namespace Rave.Client;

/// <summary>Data of the event <see cref="AbstractLevel{TKey, TValue}.Written"/>: one atomic write.</summary>
/// <typeparam name="TKey">The type of keys.</typeparam>
/// <typeparam name="TValue">The type of values.</typeparam>
public sealed class WriteEventArgs<TKey, TValue> : EventArgs
{
    internal WriteEventArgs(IReadOnlyList<Change<TKey, TValue>> changes) => Changes = changes;

    /// <summary>Gets the puts and deletes on keys of this level, in order. Those that hooks added are last.</summary>
    public IReadOnlyList<Change<TKey, TValue>> Changes { get; }
}
