using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Requests;

// What was read from a request's target before its handler runs. Handlers take it as a parameter.
internal sealed class RaveRequest(RequestTarget target)
{
    internal RequestTarget Target => target;

    internal Query Query { get; set; } = Query.Empty;

    // Which write of which session it is; null where the request does not say.
    internal IdempotencyKey? Once { get; set; }

    // Minimal APIs call this to fill a handler's parameter.
    public static ValueTask<RaveRequest?> BindAsync(HttpContext context) => new(context.Features.GetRequiredFeature<RaveRequest>());

    // The key of /v1/kv/{key}, in the key encoding. Kestrel refuses %00 in a path, but not in one of absolute form.
    internal byte[] Key()
    {
        byte[] text = Tail(Routes.Entry);
        byte[] key = new byte[text.Length];
        return !text.Contains((byte)0) && Query.KeyEncoding.TryDecode(text, key, out int length)
            ? key.AsSpan(0, length).ToArray()
            : throw new RaveException(ErrorCodes.InvalidKey, $"The key in the path is not valid {Query.KeyEncoding.Name()} in its one canonical spelling.");
    }

    // The write of this request in its session, and the ETag that it answers; null where it belongs to none.
    internal Once? OnceWith(string? etag) => Once is null ? null : new(Once) { ETag = etag };

    // The session of /v1/sessions/{session}.
    internal string Session() => Encoding.UTF8.GetString(Tail(Routes.Session));

    // The id of /v1/snapshots/{id}.
    internal string SnapshotId() => Encoding.UTF8.GetString(Tail(Routes.Snapshot));

    // The name of /v1/properties/{name}.
    internal string PropertyName() => Encoding.UTF8.GetString(Tail(Routes.Property));

    // What stands for a pattern's last parameter: everything behind its prefix, percent-decoded once.
    private byte[] Tail(string pattern) => PercentEncoding.Decode(target.Path.AsSpan(RouteTable.Prefix(pattern).Length), plusIsSpace: false);
}
