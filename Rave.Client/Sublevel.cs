using System.Text;

namespace Rave.Client;

/// <summary>
/// A part of a database with keys and encodings of its own: its keys are stored behind a prefix, <c>!name!</c>, as abstract-level does it,
/// so that Node programs read the same sublevels. It lives and closes with its database.
/// </summary>
/// <typeparam name="TKey">What keys are.</typeparam>
/// <typeparam name="TValue">What values are.</typeparam>
public sealed class Sublevel<TKey, TValue> : AbstractLevel<TKey, TValue>
{
    private readonly Func<Database> _database;

    internal Sublevel(
        Func<Database> database, byte[] parentPrefix, string[] parentPath, string[] names, char separator, IEncoding<TKey> keyEncoding, IEncoding<TValue> valueEncoding)
        : base(keyEncoding, valueEncoding)
    {
        _database = database;
        string[] own = [.. names.Select(name => Trim(name, separator))];
        string local = string.Concat(own.Select(name => $"{separator}{name}{separator}"));
        PrefixBytes = [.. parentPrefix, .. Encoding.ASCII.GetBytes(local)];
        Prefix = Encoding.ASCII.GetString(PrefixBytes);
        Path = [.. parentPath, .. own];
    }

    /// <summary>What its keys begin with in the database.</summary>
    public string Prefix { get; }

    /// <summary>The names that lead to it, from the database down.</summary>
    public IReadOnlyList<string> Path { get; }

    internal override Database Database => _database();

    private protected override byte[] PrefixBytes { get; }

    private protected override string[] PathNames => [.. Path];

    private static string Trim(string name, char separator)
    {
        ArgumentNullException.ThrowIfNull(name);
        string trimmed = name.Trim(separator);
        if (trimmed.Length == 0)
        {
            throw new RaveException(ErrorCodes.InvalidPrefix, "A sublevel has a name, and not only separators.");
        }

        // One character behind the separator stays free: it is the end of the range of all keys of a sublevel.
        return trimmed.All(character => character > separator + 1 && character < 127)
            ? trimmed
            : throw new RaveException(ErrorCodes.InvalidPrefix, $"The name '{name}' holds characters other than those between '{(char)(separator + 2)}' and '~'.");
    }
}
