using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Rave.Tests.Harness;

// Sends exactly the given bytes. HttpClient would correct, escape or refuse some requests of the tests.
internal static partial class RawHttp
{
    // The whole answer of one request, as text with one character a byte.
    internal static async Task<RawResponse> SendAsync(string socketPath, string request)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath)).Soon();
        await using NetworkStream stream = new(socket);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        return await ReadAsync(stream);
    }

    // Everything that is received until the server closes the connection.
    internal static async Task<RawResponse> ReadAsync(Stream stream)
    {
        MemoryStream read = new();
        try
        {
            await stream.CopyToAsync(read).Soon();
        }
        catch (IOException reset) when (reset.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset }
            && IsWhole(Text(read)))
        {
            // It had not read all of the request: a reset follows the answer.
        }

        return RawResponse.Parse(Text(read));
    }

    private static string Text(MemoryStream read) => Encoding.Latin1.GetString(read.GetBuffer(), 0, (int)read.Length);

    private static bool IsWhole(string text) =>
        text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var end and >= 0
        && ContentLength().Match(text, 0, end) is { Success: true } length
            && text.Length - end - 4 >= int.Parse(length.Groups[1].ValueSpan);

    [GeneratedRegex(@"\r\nContent-Length: (\d+)")]
    private static partial Regex ContentLength();

    // A request without a body. The target is sent unchanged.
    internal static Task<RawResponse> SendAsync(string socketPath, string method, string target, params string[] headers) =>
        SendAsync(socketPath, $"{method} {target} HTTP/1.1\r\nHost: rave\r\nConnection: close\r\n"
            + $"{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");
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
