using System.Text;

namespace Rave.Tests.Endpoints;

// Random requests that no client would send on purpose: random valid parts, then damaged. The same seed gives the same requests.
internal sealed class RandomRequests(int seed)
{
    private static readonly string[] Methods =
        ["GET", "GET", "HEAD", "PUT", "PUT", "DELETE", "POST", "POST", "POST", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "BREW"];

    // All but the one that ends a leader.
    private static readonly string[] Targets =
    [
        "/v1/kv/f1", "/v1/kv/f2?sync=false", "/v1/kv/6633?keyEncoding=hex", "/v1/kv/%66%34", "/v1/kv/ZjU?keyEncoding=base64url", "/v1/kv/",
        "/v1/kv/f/6", "/v1/kv/f1?snapshot=none",
        "/v1/get-many", "/v1/get-many?keyEncoding=base64&valueEncoding=hex", "/v1/has-many", "/v1/batch", "/v1/batch",
        "/v1/batch?valueEncoding=json", "/v1/batch?sync=true",
        "/v1/entries", "/v1/entries?prefix=f&pageSize=2", "/v1/entries?gte=f1&lt=f3&reverse=true&limit=1&values=false",
        "/v1/entries?gt=f1&lte=f2", "/v1/entries?continuation=AQYAAAxm",
        "/v1/entries?all=true", "/v1/entries?keyEncoding=base64&valueEncoding=base64", "/v1/count?prefix=f", "/v1/snapshots?ttl=1",
        "/v1/snapshots/0123456789abcdef", "/v1/sessions/0123456789abcdef",
        "/v1/changes?prefix=f&values=false", "/v1/status", "/v1/leader", "/healthz", "/metrics", "/openapi/v1.json",
        "/v1/properties/leveldb.stats", "/v1/approximate-size?start=a&end=z", "/v1/compact?start=a&end=b",
        "http://rave/v1/kv/f7", "*", "/", "/v1/kv/../entries?all=true",
    ];

    private static readonly string[] Types =
    [
        "application/json", "application/json", "application/json; charset=utf-8", "application/x-ndjson",
        "application/vnd.rave.operations;v=1", "application/vnd.rave.operations; v=1",
        "application/vnd.rave.operations;v=2", "application/vnd.rave.entries;v=1", "application/octet-stream", "text/plain",
        "application/json; charset=utf-16", ";;",
    ];

    // A character a byte.
    private static readonly string[] Bodies =
    [
        "", "value", """{"keys":["f1","none"]}""", """{"keys":["ZjE="]}""",
        """[{"type":"put","key":"f1","value":"1"},{"type":"del","key":"f2"}]""",
        """[{"type":"check","key":"f1","exists":false},{"type":"put","key":"f1","value":"2"}]""",
        """[{"type":"put","key":"f3","value":{"a":[1,null,"\u00e4"]}}]""", "[]",
        "{\"key\":\"f1\",\"value\":\"1\"}\n{\"key\":\"f2\",\"value\":\"2\"}\n", "{\"key\":\"f5\",\"value\":\"5\"}\n\n{\"key\":6}\n",
        "{\"key\":\"ZjE=\",\"value\":\"MQ==\"}\n",
        "\u0001\u0002f1\u00011\u0002\u0002f2", "\u0003\u0002f1\u0001\u0002f1\u00012", "\u0006\u0002f1\u0006\u0004none",
        "\u0001\u00ff\u00ff\u00ff\u00ff\u000f", "\u0007\u0001a\u00011\0\0",
    ];

    private static readonly string[] Headers =
    [
        "If-Match: *", "If-None-Match: *", "If-Match: \"00\", W/\"11\"", "If-None-Match: \"6b86b273ff34fce19d6b804eff5a3f57\"",
        "If-Match: abc", "Idempotency-Key: 0123456789abcdef;1", "Idempotency-Key: x",
        "Accept: application/x-ndjson", "Accept: application/vnd.rave.entries;v=1", "Accept: */*;q=0, ;", "Last-Event-ID: 1-1.0",
        "Range: bytes=0-1", "Content-Range: bytes 0-1/2", "Content-Encoding: gzip",
        "Expect: 100-continue", "Upgrade: h2c", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked",
        "Origin: https://evil.example", "Host: second", "Content-Length: 3", "X: \u00ff\u0001", "Cookie: " + "c",
    ];

    private static readonly string[] Oddities =
    [
        "%", "%zz", "%00", "%2e%2e/", "%FF", "&", "=", "?", "#", "\0", "\r\n", "\n", "\r\n\r\n", "/../", "//", "+", "\u00ff\u00fe",
        "\\ud800", "\"", "{", "[[[[[[[[", "-1", "0x7fffffff", "18446744073709551616", "1e999",
        "99999999999999999999999999999999", ";", ",", ":", " ", "\t", "&limit=-2", "&prefix=f&prefix=g",
    ];

    private readonly Random _random = new(seed);

    // A complete or damaged request.
    internal byte[] Next()
    {
        byte[] request = Encoding.Latin1.GetBytes(Valid());
        for (int damages = _random.Next(4); damages > 0; damages--)
        {
            request = Damaged(request);
        }

        return request;
    }

    private string Valid()
    {
        string body = _random.Next(6) == 0 ? Noise() : Pick(Bodies);
        string headers = string.Concat(Enumerable.Range(0, _random.Next(3)).Select(_ => Pick(Headers) + "\r\n"));
        string type = _random.Next(8) == 0 ? "" : $"Content-Type: {Pick(Types)}\r\n";
        string framing = _random.Next(5) == 0 ? "Transfer-Encoding: chunked\r\n" : $"Content-Length: {body.Length}\r\n";
        body = framing[0] == 'T' ? $"{(body.Length > 0 ? $"{body.Length:x}\r\n{body}\r\n" : "")}0\r\n\r\n" : body;
        return $"{Pick(Methods)} {Pick(Targets)} HTTP/1.1\r\nHost: rave\r\nConnection: close\r\n{type}{headers}{framing}\r\n{body}";
    }

    private byte[] Damaged(byte[] request)
    {
        int at = _random.Next(request.Length + 1);
        int length = Math.Min(_random.Next(1, 30), request.Length - at);
        return _random.Next(8) switch
        {
            0 => Flipped(request, bits: 1),
            1 => Flipped(request, bits: 8),
            2 => [.. request[..at], .. request[(at + length)..]],
            3 => [.. request[..at], .. request[at..(at + length)], .. request[at..]],
            4 => request[..at],
            5 => [.. request[..at], .. Encoding.Latin1.GetBytes(Noise()), .. request[at..]],
            _ => [.. request[..at], .. Encoding.Latin1.GetBytes(Pick(Oddities)), .. request[at..]],
        };
    }

    private byte[] Flipped(byte[] request, int bits)
    {
        for (int i = 0; i < bits && request.Length > 0; i++)
        {
            request[_random.Next(request.Length)] ^= (byte)(1 << _random.Next(8));
        }

        return request;
    }

    private string Noise()
    {
        byte[] noise = new byte[_random.Next(1, 40)];
        _random.NextBytes(noise);
        return Encoding.Latin1.GetString(noise);
    }

    private string Pick(string[] some) => some[_random.Next(some.Length)];
}
