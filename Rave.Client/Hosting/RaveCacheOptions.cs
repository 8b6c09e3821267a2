namespace Rave.Client;

/// <summary>Options of the cache that <see cref="RaveServiceCollectionExtensions.AddRaveLevelCache"/> registers.</summary>
public sealed record RaveCacheOptions
{
    /// <summary>
    /// Gets or sets the name of the sublevel that holds the entries. Processes with the same name share them. The default is <c>cache</c>.
    /// </summary>
    public string Sublevel { get; set; } = "cache";

    /// <summary>
    /// Gets or sets how often expired entries are deleted. Expired entries are never returned, even before. More than zero. The default is
    /// 5 minutes.
    /// </summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(5);
}
