namespace Rave.Client;

/// <summary>Where a cache keeps its entries, and how often it sweeps.</summary>
public sealed record RaveCacheOptions
{
    /// <summary>The sublevel that holds it; processes that name the same one share it. Defaults to <c>cache</c>.</summary>
    public string Sublevel { get; init; } = "cache";

    /// <summary>How often expired entries are deleted, by one of the processes. They are not returned before either. Defaults to 5 minutes.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromMinutes(5);
}
