using System.Text;

namespace Rave.Client;

/// <summary>
/// A part of a database with its own keys and encodings. Its keys are stored with a prefix, <c>!name!</c>, as in abstract-level, so that
/// Node programs read the same sublevels. It closes with its database.
/// </summary>
/// <typeparam name="TKey">The type of keys.</typeparam>
/// <typeparam name="TValue">The type of values.</typeparam>
public sealed class Sublevel<TKey, TValue> : AbstractLevel<TKey, TValue>
{
    private readonly Func<Database> _database;

    internal Sublevel(
        Func<Database> database,
        byte[] parentPrefix,
        string[] parentPath,
        string[] names,
        char separator,
        IEncoding<TKey> keyEncoding,
        IEncoding<TValue> valueEncoding)
        : base(keyEncoding, valueEncoding)
    {
        _database = database;
        string[] own = [.. names.Select(name => Trim(name, separator))];
        string local = string.Concat(own.Select(name => $"{separator}{name}{separator}"));
        PrefixBytes = [.. parentPrefix, .. Encoding.ASCII.GetBytes(local)];
        Prefix = Encoding.ASCII.GetString(PrefixBytes);
        Path = [.. parentPath, .. own];
    }

    /// <summary>Gets the prefix of its keys in the database.</summary>
    public string Prefix { get; }

    /// <summary>Gets its name and the names of the sublevels above it, from the database down.</summary>
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
            throw new RaveException(ErrorCodes.InvalidPrefix, "The name of a sublevel must not be empty or consist of separators.");
        }

        // The character after the separator is not allowed, because it ends the range of the keys of a sublevel.
        return trimmed.All(character => character > separator + 1 && character < 127)
            ? trimmed
            : throw new RaveException(
                ErrorCodes.InvalidPrefix, $"The name '{name}' may only have characters from '{(char)(separator + 2)}' to '~'.");
    }
}
