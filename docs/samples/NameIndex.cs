using Rave.Client;

namespace Samples;

// Users by number, and an index of their names. A hook writes a user and its index entry together, or not at all.
internal sealed class NameIndex : IDisposable
{
    private readonly Sublevel<string, long> _byName;
    private readonly IDisposable _hook;

    internal NameIndex(RaveLevel db)
    {
        Users = db.Sublevel("users", Encodings.Int64, Encodings.Utf8);
        _byName = db.Sublevel("users-by-name", Encodings.Int64);
        _hook = Users.PreWrite((change, batch) =>
        {
            if (change.Kind == ChangeKind.Put)
            {
                batch.Put(_byName, change.Value, change.Key);
            }
        });
    }

    internal Sublevel<long, string> Users { get; }

    // The index still has former names of a user, so the current name is checked.
    internal async Task<long?> FindAsync(string name) =>
        await _byName.TryGetAsync(name) is { Found: true, Value: var user } && await Users.GetAsync(user) == name ? user : null;

    public void Dispose() => _hook.Dispose();
}
