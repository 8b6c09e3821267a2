using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Requests;

// The parsed target of a request. Handlers take it as a parameter.
internal sealed class RaveRequest(RequestTarget target)
{
    internal RequestTarget Target => target;

    internal Query Query { get; set; } = Query.Empty;

    // The idempotency key of the write; null if the request has none.
    internal IdempotencyKey? Once { get; set; }

    // Minimal APIs call this to create the parameter of a handler.
    public static ValueTask<RaveRequest?> BindAsync(HttpContext context) => new(context.Features.GetRequiredFeature<RaveRequest>());

    // The key of /v1/kv/{key}, in the key encoding. Kestrel rejects %00 in a path, but not in a target in absolute form.
    internal byte[] Key()
    {
        byte[] text = Tail(Routes.Entry);
        byte[] key = new byte[text.Length];
        return !text.Contains((byte)0) && Query.KeyEncoding.TryDecode(text, key, out int length)
            ? key.AsSpan(0, length).ToArray()
            : throw new RaveException(
                ErrorCodes.InvalidKey,
                $"The key in the path is not valid {Query.KeyEncoding.Name()}, or is not written in its canonical form.");
    }

    // The write in its session, with the ETag of the answer; null if the request has no idempotency key.
    internal Once? OnceWith(string? etag) => Once is null ? null : new(Once) { ETag = etag };

    // The session of /v1/sessions/{session}.
    internal string Session() => Encoding.UTF8.GetString(Tail(Routes.Session));

    // The id of /v1/snapshots/{id}.
    internal string SnapshotId() => Encoding.UTF8.GetString(Tail(Routes.Snapshot));

    // The name of /v1/properties/{name}.
    internal string PropertyName() => Encoding.UTF8.GetString(Tail(Routes.Property));

    // The value of the last parameter of a pattern: everything after its prefix, percent-decoded once.
    private byte[] Tail(string pattern) =>
        PercentEncoding.Decode(target.Path.AsSpan(RouteTable.Prefix(pattern).Length), plusIsSpace: false);
}
