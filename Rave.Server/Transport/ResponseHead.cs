using System.Buffers.Text;
using System.Net;
using System.Text;
using Rave.Server.Protocol;

namespace Rave.Server.Transport;

// The head of an answer (RFC 9112): the status line and the fields.
internal readonly ref struct ResponseHead
{
    // Strings of nearly every answer, so that parsing does not allocate them.
    private static readonly string[] Known =
    [
        "Content-Type", "ETag", "Location", "Retry-After", "Allow", "Last-Event-ID",
        MediaTypes.Entries, MediaTypes.Json, MediaTypes.Problem, MediaTypes.Events,
    ];

    private readonly ReadOnlySpan<byte> _fields;
    private readonly bool _isOld;

    private ResponseHead(HttpStatusCode status, ReadOnlySpan<byte> fields, bool isOld)
    {
        Status = status;
        _fields = fields;
        _isOld = isOld;
    }

    internal HttpStatusCode Status { get; }

    // The length including the empty line; 0 if the head is not complete.
    internal static int LengthOf(ReadOnlySpan<byte> bytes) => bytes.IndexOf("\r\n\r\n"u8) + 4 is var length and > 3 ? length : 0;

    internal static ResponseHead Parse(ReadOnlySpan<byte> head)
    {
        bool isOld = head.StartsWith("HTTP/1.0 "u8);
        if ((!isOld && !head.StartsWith("HTTP/1.1 "u8))
            || !Utf8Parser.TryParse(head[9..], out int status, out int digits)
            || digits != 3
            || status < 100)
        {
            throw Malformed();
        }

        return new((HttpStatusCode)status, head[(head.IndexOf("\r\n"u8) + 2)..^2], isOld);
    }

    internal static HttpRequestException Malformed() =>
        new(HttpRequestError.InvalidResponse, "The peer sent something that is not a valid HTTP/1.1 answer.");

    internal HttpResponseMessage ToResponse(Connection connection)
    {
        HttpResponseMessage response = new(Status);
        AnswerFraming framing = new() { KeepsAlive = !_isOld };
        ReadOnlySpan<byte> fields = _fields;
        AnswerContent content = new(connection, framing, Status is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified));
        response.Content = content;
        while (!fields.IsEmpty)
        {
            int end = fields.IndexOf("\r\n"u8);
            ReadOnlySpan<byte> line = fields[..end];
            fields = fields[(end + 2)..];
            int colon = line.IndexOf((byte)':');
            if (colon <= 0)
            {
                throw Malformed();
            }

            Add(response, framing, line[..colon], line[(colon + 1)..].Trim(" \t"u8));
        }

        content.Begin();
        return response;
    }

    private static void Add(HttpResponseMessage response, AnswerFraming framing, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Ascii.EqualsIgnoreCase(name, "Date"u8))
        {
            // Not used by any caller.
        }
        else if (Ascii.EqualsIgnoreCase(name, "Content-Length"u8))
        {
            framing.Length = Utf8Parser.TryParse(value, out long length, out int digits) && digits == value.Length && length >= 0
                ? length
                : throw Malformed();
            response.Content.Headers.ContentLength = length;
        }
        else if (Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8))
        {
            framing.IsChunked = Ascii.EqualsIgnoreCase(value, "chunked"u8) ? true : throw Malformed();
        }
        else if (Ascii.EqualsIgnoreCase(name, "Connection"u8))
        {
            framing.KeepsAlive &= !Ascii.EqualsIgnoreCase(value, "close"u8);
        }
        else
        {
            string field = Text(name);
            string text = Text(value);
            if (!response.Headers.TryAddWithoutValidation(field, text))
            {
                response.Content.Headers.TryAddWithoutValidation(field, text);
            }
        }
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        foreach (string known in Known)
        {
            if (known.Length == bytes.Length && Ascii.Equals(bytes, known))
            {
                return known;
            }
        }

        return Encoding.Latin1.GetString(bytes);
    }
}
