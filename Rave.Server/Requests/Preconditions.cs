using Rave.Server.Protocol;

namespace Rave.Server.Requests;

// If-Match and If-None-Match (RFC 9110, 13.1); null if not given. They are parsed strictly from the raw header lines:
// the typed headers of ASP.NET drop invalid tags, and a compare-and-set would become an overwrite.
internal sealed record Preconditions(Precondition? IfMatch, Precondition? IfNoneMatch)
{
    internal static Preconditions Read(IHeaderDictionary headers) =>
        new(Read(headers, Parameter.IfMatch, wanted: true), Read(headers, Parameter.IfNoneMatch, wanted: false));

    // A write needs both to hold.
    internal Precondition[] All => (IfMatch, IfNoneMatch) switch
    {
        (null, null) => [],
        (null, { } only) => [only],
        ({ } only, null) => [only],
        ({ } first, { } second) => [first, second],
    };

    private static Precondition? Read(IHeaderDictionary headers, Parameter header, bool wanted)
    {
        if (!headers.TryGetValue(header.Name, out var lines))
        {
            return null;
        }

        // Several header lines form one list.
        string text = string.Join(',', lines.ToArray()).Trim(' ', '\t');
        return text == "*" ? new(wanted) : new(wanted, ReadTags(text, header));
    }

    private static List<string> ReadTags(string text, Parameter header)
    {
        List<string> tags = [];
        bool any = false;
        ReadOnlySpan<char> rest = text;
        while (!(rest = rest.TrimStart(" \t,")).IsEmpty)
        {
            bool weak = rest.StartsWith("W/");
            rest = weak ? rest[2..] : rest;
            int length = ETag.LengthAtStart(rest);
            string tag = rest[..length].ToString();
            rest = rest[length..].TrimStart(" \t");
            if (length == 0 || (!rest.IsEmpty && rest[0] != ','))
            {
                throw Invalid(header);
            }

            any = true;
            // If-Match uses strong comparison: a weak tag never matches. If-None-Match uses weak comparison.
            if (!weak || header == Parameter.IfNoneMatch)
            {
                tags.Add(tag);
            }
        }

        return any ? tags : throw Invalid(header);
    }

    private static RaveException Invalid(Parameter header) => new(
        ErrorCodes.InvalidRequest,
        $"The header '{header.Name}' must be * or a list of quoted entity tags, as in the header ETag.");
}
