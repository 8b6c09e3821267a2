using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Rave.Server.Protocol;
using Rave.Server.Requests;

namespace Rave.Server.Endpoints;

// Who may ask over the loopback interface. Every program and user of the machine can connect there, and so can every web page that a browser
// on it shows: the token keeps out the ones, and Host, Origin and Sec-Fetch-Site the others, also where a name was rebound to 127.0.0.1.
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

        // A page of another program on this machine has another port, and with it another origin.
        if (headers.Origin.Count > 0 && !string.Equals(headers.Origin, $"http://{headers.Host}", StringComparison.OrdinalIgnoreCase))
        {
            throw Forbidden("Pages of other origins may not ask this service.");
        }

        // "none" is somebody who typed the address; programs that are no browsers send nothing.
        if (headers["Sec-Fetch-Site"] is { Count: > 0 } site && site.ToString() is not ("same-origin" or "none"))
        {
            throw Forbidden("Pages of other sites may not ask this service.");
        }

        if (!IsPublic(context) && !HasToken(headers.Authorization))
        {
            throw Forbidden("Over TCP every request needs the header 'Authorization: Bearer <token>' with the token in rave.token.");
        }
    }

    // The page of documentation and its parts, at whatever depth.
    internal static bool IsDocs(RequestTarget target) =>
        target.Path == Routes.Docs || target.Path.StartsWith(Routes.Docs + '/', StringComparison.Ordinal);

    // What shows no data, and has to load before anybody can type a token.
    private static bool IsPublic(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return false;
        }

        // The raw target: it decides what is routed.
        RequestTarget target = RequestTarget.Parse(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        return target.Path == Routes.OpenApi || IsDocs(target);
    }

    // With a port or without; which port does not matter, since one may come through a tunnel.
    private static bool IsOwnHost(StringValues host)
    {
        string text = host.ToString();
        int colon = text.LastIndexOf(':');
        bool hasPort = colon > text.IndexOf(']') && text.AsSpan(colon + 1) is { Length: > 0 } port && !port.ContainsAnyExceptInRange('0', '9');
        return host.Count == 1 && OwnHosts.Contains(hasPort ? text[..colon] : text, StringComparer.OrdinalIgnoreCase);
    }

    private bool HasToken(StringValues authorization) =>
        authorization.Count == 1
        && authorization.ToString() is { } text
        && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text[Scheme.Length..].Trim(' ')), _token);

    private static RaveException Forbidden(string message) => new(ErrorCodes.Forbidden, message);
}
