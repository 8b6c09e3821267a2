namespace Rave.Cli.Copy;

// What source and target have under one key. Null means no entry.
internal readonly record struct EntryPair(byte[] Key, byte[]? Source, byte[]? Target)
{
    internal bool IsEqual => Source is not null && Target is not null && Source.AsSpan().SequenceEqual(Target);

    // The entry is in the target, but it is not the one of the source.
    internal bool IsConflict => Target is not null && !IsEqual;

    // Of the key, and of the value that is to be in the target.
    internal int Bytes => Key.Length + (Source?.Length ?? 0);

    // All keys of both, in order. Only one page of each is in memory.
    internal static async IAsyncEnumerable<EntryPair> MergeAsync(
        IAsyncEnumerable<KeyValuePair<byte[], byte[]>> source, IAsyncEnumerable<KeyValuePair<byte[], byte[]>> target)
    {
        IAsyncEnumerator<KeyValuePair<byte[], byte[]>> from = source.GetAsyncEnumerator();
        await using (from.ConfigureAwait(false))
        {
            IAsyncEnumerator<KeyValuePair<byte[], byte[]>> to = target.GetAsyncEnumerator();
            await using (to.ConfigureAwait(false))
            {
                bool inSource = await from.MoveNextAsync().ConfigureAwait(false);
                bool inTarget = await to.MoveNextAsync().ConfigureAwait(false);
                while (inSource || inTarget)
                {
                    int order = !inTarget ? -1 : !inSource ? 1 : from.Current.Key.AsSpan().SequenceCompareTo(to.Current.Key);
                    yield return new(
                        order <= 0 ? from.Current.Key : to.Current.Key,
                        order <= 0 ? from.Current.Value : null,
                        order >= 0 ? to.Current.Value : null);
                    inSource = order <= 0 ? await from.MoveNextAsync().ConfigureAwait(false) : inSource;
                    inTarget = order >= 0 ? await to.MoveNextAsync().ConfigureAwait(false) : inTarget;
                }
            }
        }
    }
}
