using System.Net.Http.Headers;
using System.Text;
using Rave.Server.Protocol;

namespace Rave.Server.Transport;

// The head of a request (RFC 9112): the request line, the fields, and an empty line.
internal static class RequestHead
{
    internal static void Write(HttpRequestMessage request, PooledBuffer output)
    {
        Write(output, request.Method.Method);
        Write(output, " ");
        Write(output, request.RequestUri!.PathAndQuery);
        Write(output, " HTTP/1.1\r\nHost: ");
        Write(output, request.Headers.Host ?? request.RequestUri.Authority);
        Write(output, "\r\n");
        Write(output, request.Headers);
        if (request.Content is { } content)
        {
            // Reading ContentLength computes it and adds it to the header fields.
            if (content.Headers.ContentLength is null)
            {
                throw new NotSupportedException("The content of a request must have a known length.");
            }

            Write(output, content.Headers);
        }

        Write(output, "\r\n");
    }

    private static void Write(PooledBuffer output, HttpHeaders headers)
    {
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            if (!name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            {
                Write(output, name);
                Write(output, ": ");
                Write(output, values.ToString());
                Write(output, "\r\n");
            }
        }
    }

    // A field may only contain Latin-1, and HttpHeaders rejects line breaks.
    private static void Write(PooledBuffer output, string text) =>
        output.Advance(Encoding.Latin1.GetBytes(text, output.GetSpan(text.Length)));
}
