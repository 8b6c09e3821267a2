using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Requests;

// The query of a request, parsed strictly from the raw target. A parameter that is unknown, repeated or invalid is rejected:
// a typo such as `limt=10` must not clear a database.
internal sealed class Query
{
    internal static readonly Query Empty = new([]);

    // Long unknown names are cut in messages, which must stay short.
    private const int NameCharacters = 100;

    private readonly List<(string Name, byte[] Value, string Raw)> _parameters;

    private Query(List<(string Name, byte[] Value, string Raw)> parameters)
    {
        _parameters = parameters;
        KeyEncoding = Encoding(Parameter.KeyEncoding, forValues: false);
        ValueEncoding = Encoding(Parameter.ValueEncoding, forValues: true);
    }

    internal TextEncoding KeyEncoding { get; }

    internal TextEncoding ValueEncoding { get; }

    internal static Query Parse(string raw, IReadOnlyList<Parameter> known)
    {
        if (raw.Length == 0)
        {
            return Empty;
        }

        List<(string Name, byte[] Value, string Raw)> parameters = [];
        foreach (string part in raw.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=');
            string name = System.Text.Encoding.UTF8.GetString(Decode(equals < 0 ? part : part[..equals]));
            byte[] value = equals < 0 ? [] : Decode(part[(equals + 1)..]);
            if (!known.Any(parameter => parameter.Name == name))
            {
                string supported = known.Count == 0 ? "no parameters" : $"only: {string.Join(", ", known.Select(p => p.Name))}";
                throw Invalid(
                    $"The parameter '{name[..Math.Min(name.Length, NameCharacters)]}' is unknown. This path supports {supported}.");
            }

            if (parameters.Exists(parameter => parameter.Name == name))
            {
                throw Invalid($"The parameter '{name}' is given twice.");
            }

            parameters.Add((name, value, part));
        }

        return new(parameters);
    }

    internal bool Has(Parameter parameter) => Find(parameter.Name) is not null;

    internal byte[]? Bytes(Parameter parameter) => Find(parameter.Name);

    internal string? Text(Parameter parameter) => Find(parameter.Name) is { } text ? System.Text.Encoding.UTF8.GetString(text) : null;

    internal bool Flag(Parameter parameter, bool otherwise) => Find(parameter.Name) switch
    {
        null => otherwise,
        byte[] text when text.AsSpan().SequenceEqual("true"u8) => true,
        byte[] text when text.AsSpan().SequenceEqual("false"u8) => false,
        _ => throw Invalid($"The parameter '{parameter.Name}' must be true or false."),
    };

    internal long Number(Parameter parameter, long least, long otherwise, long most = long.MaxValue)
    {
        if (Find(parameter.Name) is not { } text)
        {
            return otherwise;
        }

        // Decimal digits and a minus sign only: no plus sign and no white space.
        bool isNumber = Utf8Parser.TryParse(text, out long number, out int consumed) && consumed == text.Length && text[0] != '+';
        return isNumber && number >= least && number <= most
            ? number
            : throw Invalid(
                $"The parameter '{parameter.Name}' must be a whole number of at least {least}"
                + (most < long.MaxValue ? $" and at most {most}." : "."));
    }

    // A parameter that is a key, in the key encoding of the request.
    internal byte[]? Key(Parameter parameter)
    {
        if (Find(parameter.Name) is not { } text)
        {
            return null;
        }

        byte[] key = new byte[text.Length];
        return KeyEncoding.TryDecode(text, key, out int length)
            ? key.AsSpan(0, length).ToArray()
            : throw new RaveException(
                ErrorCodes.InvalidKey,
                $"The parameter '{parameter.Name}' is not valid {KeyEncoding.Name()}, or is not written in its canonical form.");
    }

    internal RangeBounds Bounds() =>
        new(Key(Parameter.Gt), Key(Parameter.Gte), Key(Parameter.Lt), Key(Parameter.Lte), Key(Parameter.Prefix));

    // The parameters as they were sent, without some of them, for the URI of the next request.
    internal string Without(params ReadOnlySpan<Parameter> left)
    {
        StringBuilder text = new();
        foreach ((string name, _, string raw) in _parameters)
        {
            bool keep = true;
            foreach (Parameter parameter in left)
            {
                keep &= parameter.Name != name;
            }

            if (keep)
            {
                text.Append(PercentEncoding.EscapeInvalid(raw)).Append('&');
            }
        }

        return text.ToString();
    }

    private static byte[] Decode(string text)
    {
        byte[] bytes = PercentEncoding.Decode(text, plusIsSpace: true);
        return Utf8.IsValid(bytes) ? bytes : throw Invalid("The query has bytes that are not UTF-8. Use keyEncoding=hex or base64url.");
    }

    private static RaveException Invalid(string message) => new(ErrorCodes.InvalidRequest, message);

    private TextEncoding Encoding(Parameter parameter, bool forValues) =>
        Find(parameter.Name) is { } text ? TextEncodings.Parse(System.Text.Encoding.UTF8.GetString(text), forValues) : TextEncoding.Utf8;

    private byte[]? Find(string name)
    {
        foreach ((string known, byte[] value, _) in _parameters)
        {
            if (known == name)
            {
                return value;
            }
        }

        return null;
    }
}
