namespace Rave.Client;

/// <summary>The kind of a change.</summary>
public enum ChangeKind
{
    /// <summary>A value was stored.</summary>
    Put,

    /// <summary>An entry was deleted, if it existed.</summary>
    Delete,

    /// <summary>All entries of a range were deleted.</summary>
    Clear,

    /// <summary>Changes may have been missed. Data that was read before may be out of date.</summary>
    Gap,
}
