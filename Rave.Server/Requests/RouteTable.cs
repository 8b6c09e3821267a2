namespace Rave.Server.Requests;

// Which paths there are, spelled exactly: routing itself forgives case, escapes and a trailing slash, and would resolve dots first.
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

    // The fixed part of a pattern that ends in a parameter.
    internal static string Prefix(string pattern) => pattern[..pattern.IndexOf('{')];

    // The path to route by, or null when there is none: what a parameter holds is read from the raw target, so routing sees a stand-in.
    internal string? Match(string path) =>
        _fixed.Contains(path) ? path : _prefixes.Find(prefix => path.StartsWith(prefix, StringComparison.Ordinal)) is { } found ? found + '-' : null;
}
