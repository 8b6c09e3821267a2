using System.Net.Sockets;
using System.Text;

namespace Rave.Tests.Harness;

// Sends exactly the bytes it is given: HttpClient would mend, escape or refuse what some tests must send.
internal static class RawHttp
{
    // The whole answer of one request, as text with one character a byte.
    internal static async Task<RawResponse> SendAsync(string socketPath, string request)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath)).Soon();
        await using NetworkStream stream = new(socket);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using StreamReader reader = new(stream, Encoding.Latin1);
        return RawResponse.Parse(await reader.ReadToEndAsync().Soon());
    }

    // A request without a body for a target that is sent as it stands.
    internal static Task<RawResponse> SendAsync(string socketPath, string method, string target, params string[] headers) =>
        SendAsync(socketPath, $"{method} {target} HTTP/1.1\r\nHost: rave\r\nConnection: close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");
}

internal sealed record RawResponse(int Status, string Head, string Body)
{
    internal static RawResponse Parse(string text)
    {
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        end.ShouldBeGreaterThan(0, $"no HTTP response: '{text}'");
        return new(int.Parse(text.AsSpan(9, 3)), text[..end], text[(end + 4)..]);
    }
}
