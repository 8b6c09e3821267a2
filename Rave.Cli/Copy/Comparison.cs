namespace Rave.Cli.Copy;

// What two databases have, and where they differ.
internal sealed class Comparison : IDisposable
{
    internal Side Source { get; } = new();

    internal Side Target { get; } = new();

    // Keys whose entry has to be written or deleted.
    internal long Changes { get; private set; }

    internal long ChangedBytes { get; private set; }

    internal byte[]? FirstChange { get; private set; }

    // Those of them that are in the target already.
    internal long Conflicts { get; private set; }

    internal byte[]? FirstConflict { get; private set; }

    internal bool IsEqual => Changes == 0 && Source.Entries == Target.Entries && Source.Checksum == Target.Checksum;

    internal void Add(EntryPair pair)
    {
        if (pair.Source is not null)
        {
            Source.Add(pair.Key, pair.Source);
        }

        if (pair.Target is not null)
        {
            Target.Add(pair.Key, pair.Target);
        }

        if (!pair.IsEqual)
        {
            Changes++;
            ChangedBytes += pair.Bytes;
            FirstChange ??= pair.Key;
        }

        if (pair.IsConflict)
        {
            Conflicts++;
            FirstConflict ??= pair.Key;
        }
    }

    public void Dispose()
    {
        Source.Dispose();
        Target.Dispose();
    }
}
