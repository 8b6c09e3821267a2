namespace Rave.Client;

/// <summary>What a handle is doing.</summary>
public enum LevelStatus
{
    /// <summary>It does not lead or follow yet; there is no handle to use.</summary>
    Opening,

    /// <summary>It takes operations.</summary>
    Open,

    /// <summary>It is letting go; operations are refused.</summary>
    Closing,

    /// <summary>It is done for.</summary>
    Closed,
}
