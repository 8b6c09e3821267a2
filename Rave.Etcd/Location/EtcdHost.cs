using System.Globalization;

namespace Rave.Etcd.Location;

// The address where a member listens for clients: a name, an IPv4 address, or an IPv6 address without brackets.
internal sealed record EtcdHost(string Name, int Port)
{
    internal const int DefaultPort = 2379;

    internal Uri Address(bool tls) => new(string.Create(CultureInfo.InvariantCulture, $"{(tls ? "https" : "http")}://{this}"));

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Name.Contains(':', StringComparison.Ordinal) ? $"[{Name}]" : Name)}:{Port}");

    // False if the text is not a host with an optional port.
    internal static bool TryParse(string text, out EtcdHost host)
    {
        host = new("", DefaultPort);
        int bracket = text.LastIndexOf(']');
        int colon = text.IndexOf(':', bracket + 1);
        string name = colon < 0 ? text : text[..colon];
        int port = DefaultPort;
        bool isPort = colon < 0 || int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port);
        if (!isPort || port is < 1 or > 65_535)
        {
            return false;
        }

        bool isBracketed = name.StartsWith('[') && name.EndsWith(']');
        UriHostNameType type = Uri.CheckHostName(isBracketed ? name[1..^1] : name);
        if (isBracketed != (type == UriHostNameType.IPv6) || type is UriHostNameType.Unknown or UriHostNameType.Basic)
        {
            return false;
        }

        host = new(isBracketed ? name[1..^1] : name, port);
        return true;
    }
}
