namespace Rave.Client;

/// <summary>The status of a handle.</summary>
public enum LevelStatus
{
    /// <summary>The handle takes operations.</summary>
    Open,

    /// <summary>The handle is closing and refuses operations.</summary>
    Closing,

    /// <summary>The handle is closed, and another process can lead.</summary>
    Closed,
}
