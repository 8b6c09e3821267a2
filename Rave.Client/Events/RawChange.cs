using Rave.Server.Storage;

namespace Rave.Client;

// A change in bytes: key and value of a put or delete, the range of a clear.
internal sealed record RawChange(ChangeKind Kind, byte[] Key, byte[] Value, KeyRange Range = default, bool IsLast = false)
{
    internal static readonly RawChange Gap = new(ChangeKind.Gap, [], []);

    // A copy. The range of a clear goes from its first key to its last.
    internal static RawChange Of(Change change) => change.Type switch
    {
        ChangeType.Put => new(ChangeKind.Put, change.Key.ToArray(), change.Value.ToArray(), IsLast: change.IsLast),
        ChangeType.Delete => new(ChangeKind.Delete, change.Key.ToArray(), [], IsLast: change.IsLast),
        ChangeType.Clear => new(ChangeKind.Clear, [], [], new(change.Key.ToArray(), KeyRange.Successor(change.Value)), change.IsLast),
        _ => Gap,
    };
}
