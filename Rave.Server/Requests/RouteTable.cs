namespace Rave.Server.Requests;

// All paths, which must match exactly. The routing of ASP.NET ignores case, escapes and a trailing slash, and resolves dots.
internal sealed class RouteTable
{
    private readonly HashSet<string> _fixed = [];
    private readonly List<string> _prefixes = [];

    internal RouteTable(IEnumerable<Endpoint> endpoints)
    {
        foreach (RouteEndpoint endpoint in endpoints.OfType<RouteEndpoint>())
        {
            string pattern = endpoint.RoutePattern.RawText!;
            if (endpoint.RoutePattern.Parameters.Count == 0)
            {
                _fixed.Add(pattern);
            }
            else if (!_prefixes.Contains(Prefix(pattern)))
            {
                _prefixes.Add(Prefix(pattern));
            }
        }
    }

    // The fixed part of a pattern that ends with a parameter.
    internal static string Prefix(string pattern) => pattern[..pattern.IndexOf('{')];

    // The path for routing, or null if no route matches. Parameters are read from the raw target, so routing gets a placeholder.
    internal string? Match(string path) =>
        _fixed.Contains(path) ? path
        : _prefixes.Find(prefix => path.StartsWith(prefix, StringComparison.Ordinal)) is { } found ? found + '-'
        : null;
}
