using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Rave.Server.Protocol;
using Rave.Server.Requests;

namespace Rave.Server.Endpoints;

// Decides which requests over the loopback interface are allowed. All programs and users of the machine can connect there, and so can
// any web page in a browser. The token stops other programs. Host, Origin and Sec-Fetch-Site stop web pages, even with DNS rebinding.
internal sealed class LoopbackGuard(string token)
{
    private const string Scheme = "Bearer ";

    private static readonly string[] OwnHosts = ["localhost", "127.0.0.1", "[::1]"];

    private readonly byte[] _token = Encoding.UTF8.GetBytes(token);

    internal void Check(HttpContext context)
    {
        IHeaderDictionary headers = context.Request.Headers;
        if (!IsOwnHost(headers.Host))
        {
            throw Forbidden("The Host header must be localhost, 127.0.0.1 or [::1].");
        }

        // A page of another program on this machine has another port, so it has another origin.
        if (headers.Origin.Count > 0 && !string.Equals(headers.Origin, $"http://{headers.Host}", StringComparison.OrdinalIgnoreCase))
        {
            throw Forbidden("Requests from web pages of another origin are not allowed.");
        }

        // Browsers send "none" for a typed address. Other programs send no such header.
        if (headers["Sec-Fetch-Site"] is { Count: > 0 } site && site.ToString() is not ("same-origin" or "none"))
        {
            throw Forbidden("Requests from web pages of another site are not allowed.");
        }

        if (!IsPublic(context) && !HasToken(headers.Authorization))
        {
            throw Forbidden("Requests over TCP need the header 'Authorization: Bearer <token>'. The token is in rave.token.");
        }
    }

    // The documentation page and its parts.
    internal static bool IsDocs(RequestTarget target) =>
        target.Path == Routes.Docs || target.Path.StartsWith(Routes.Docs + '/', StringComparison.Ordinal);

    // Pages without data. They must load before the user can type a token.
    private static bool IsPublic(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return false;
        }

        // Routing uses the raw target too.
        RequestTarget target = RequestTarget.Parse(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        return target.Path == Routes.OpenApi || IsDocs(target);
    }

    // With or without a port. Any port is allowed: a request may come through a tunnel.
    private static bool IsOwnHost(StringValues host)
    {
        string text = host.ToString();
        int colon = text.LastIndexOf(':');
        ReadOnlySpan<char> port = colon > text.IndexOf(']') ? text.AsSpan(colon + 1) : default;
        bool hasPort = port.Length > 0 && !port.ContainsAnyExceptInRange('0', '9');
        return host.Count == 1 && OwnHosts.Contains(hasPort ? text[..colon] : text, StringComparer.OrdinalIgnoreCase);
    }

    private bool HasToken(StringValues authorization) =>
        authorization.Count == 1
        && authorization.ToString() is { } text
        && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text[Scheme.Length..].Trim(' ')), _token);

    private static RaveException Forbidden(string message) => new(ErrorCodes.Forbidden, message);
}
