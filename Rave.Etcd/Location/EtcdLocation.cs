using System.Buffers;

namespace Rave.Etcd.Location;

// etcd://host[:port],host[:port],…/database, or etcds:// with TLS. System.Uri accepts only one host, so the text is parsed here.
// A location contains no secret, because locations appear in logs and process lists.
internal sealed record EtcdLocation(bool Tls, IReadOnlyList<EtcdHost> Hosts, string Database)
{
    internal const string Scheme = "etcd://";
    internal const string TlsScheme = "etcds://";

    private const int LongestDatabase = 128;

    // A name has one spelling, and its keys are never inside those of another name.
    private static readonly SearchValues<char> DatabaseCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    // The paths of PEM files, or null.
    internal string? RootsFile { get; private init; }

    internal string? CertificateFile { get; private init; }

    internal string? KeyFile { get; private init; }

    internal static bool IsOne(string text) =>
        text.StartsWith(Scheme, StringComparison.Ordinal) || text.StartsWith(TlsScheme, StringComparison.Ordinal);

    internal static EtcdLocation Parse(string text)
    {
        bool tls = text.StartsWith(TlsScheme, StringComparison.Ordinal);
        if (!IsOne(text))
        {
            throw Invalid(text, "it does not begin with etcd:// or etcds://");
        }

        string rest = text[(tls ? TlsScheme : Scheme).Length..];
        int question = rest.IndexOf('?', StringComparison.Ordinal);
        string path = question < 0 ? rest : rest[..question];
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            throw Invalid(text, "it names no database");
        }

        string database = path[(slash + 1)..];
        if (database.Length is 0 or > LongestDatabase || database.AsSpan().ContainsAnyExcept(DatabaseCharacters))
        {
            throw Invalid(text, $"the name of a database is 1 to {LongestDatabase} of A-Z a-z 0-9 . _ -");
        }

        EtcdLocation location = new(tls, [.. path[..slash].Split(',').Select(host => HostOf(text, host))], database);
        return question < 0 ? location : location.With(text, rest[(question + 1)..]);
    }

    public override string ToString() => $"{(Tls ? TlsScheme : Scheme)}{string.Join(',', Hosts)}/{Database}";

    private static EtcdHost HostOf(string text, string host)
    {
        if (host.Contains('@', StringComparison.Ordinal))
        {
            // The message does not repeat the text, because it may contain the password.
            throw new RaveException(
                ErrorCodes.InvalidRequest,
                "A location on etcd must not contain a user or a password, because locations appear in logs. Set them in the options.");
        }

        return EtcdHost.TryParse(host, out EtcdHost parsed)
            ? parsed
            : throw Invalid(text, $"'{host}' is not a host with an optional port (an IPv6 address needs brackets)");
    }

    private EtcdLocation With(string text, string query)
    {
        EtcdLocation location = this;
        HashSet<string> named = [];
        foreach (string parameter in query.Split('&'))
        {
            int equals = parameter.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? parameter : parameter[..equals];
            string value = equals < 0 ? "" : Uri.UnescapeDataString(parameter[(equals + 1)..]);
            location = name switch
            {
                "ca" => location with { RootsFile = value },
                "cert" => location with { CertificateFile = value },
                "key" => location with { KeyFile = value },
                _ => throw Invalid(text, $"'{name}' is not a parameter (use ca, cert, key)"),
            };
            if (value.Length == 0 || !named.Add(name))
            {
                throw Invalid(text, $"the parameter '{name}' must occur once, with the path of a file");
            }
        }

        if (!Tls)
        {
            throw Invalid(text, "certificates need etcds://");
        }

        return location.CertificateFile is null == location.KeyFile is null
            ? location
            : throw Invalid(text, "cert and key must be given together");
    }

    private static RaveException Invalid(string text, string what) => new(
        ErrorCodes.InvalidRequest,
        $"'{text}' is not a location on etcd: {what}. The form is etcd://host[:port],host[:port]/database, or etcds:// with TLS.");
}
