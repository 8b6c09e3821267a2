namespace Rave.Tests.Endpoints;

// The bounds of a random range as query parameters in hex, and the keys in it by the contract.
internal static class RandomRange
{
    internal static (string Query, Func<string, bool> Holds) Next(Random random, Func<Random, string> key)
    {
        string? gt = Maybe(), gte = Maybe(), lt = Maybe(), lte = Maybe(), prefix = Maybe();
        string query = Part("gt", gt) + Part("gte", gte) + Part("lt", lt) + Part("lte", lte) + Part("prefix", prefix);
        return (query, Holds);

        string? Maybe() => random.Next(3) == 0 ? key(random) : null;

        bool Holds(string candidate) =>
            (gte is not null ? string.CompareOrdinal(candidate, gte) >= 0 : gt is null || string.CompareOrdinal(candidate, gt) > 0)
            && (lte is not null ? string.CompareOrdinal(candidate, lte) <= 0 : lt is null || string.CompareOrdinal(candidate, lt) < 0)
            && (prefix is null || candidate.StartsWith(prefix, StringComparison.Ordinal));
    }

    private static string Part(string name, string? value) => value is null ? "" : $"&{name}={value}";
}
