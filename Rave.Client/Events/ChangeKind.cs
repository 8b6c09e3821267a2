namespace Rave.Client;

/// <summary>What a change did.</summary>
public enum ChangeKind
{
    /// <summary>Stored a value.</summary>
    Put,

    /// <summary>Deleted an entry, if there was one.</summary>
    Delete,

    /// <summary>Deleted every entry of a range.</summary>
    Clear,

    /// <summary>Some changes may have been missed: what was read before may be stale.</summary>
    Gap,
}
