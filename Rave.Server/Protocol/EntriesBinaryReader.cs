
namespace Rave.Server.Protocol;

// Reads the binary form of entries, without copying: application/vnd.rave.entries;v=1, as EntriesBinaryWriter writes it.
internal ref struct EntriesBinaryReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    // Bytes that are not read yet.
    internal readonly int Left => _rest.Length;

    // False if the key of a get-many has no entry.
    internal bool Found { get; private set; }

    // Points into the body; empty if keys were left out.
    internal ReadOnlySpan<byte> Key { get; private set; }

    // Points into the body; empty if values were left out.
    internal ReadOnlySpan<byte> Value { get; private set; }

    // Set after the last entry: where the page continues, or null at the end of the range.
    internal string? Continuation { get; private set; }

    internal bool Read()
    {
        byte mark = _rest.IsEmpty ? throw Malformed() : _rest[0];
        _rest = _rest[1..];
        if (mark == EntriesBinaryWriter.End)
        {
            ReadOnlySpan<byte> token = Take();
            Continuation = token.IsEmpty ? null : System.Text.Encoding.ASCII.GetString(token);
            return _rest.IsEmpty ? false : throw Malformed();
        }

        Found = (mark & ~(EntriesBinaryWriter.WithKey | EntriesBinaryWriter.WithValue)) == EntriesBinaryWriter.Entry;
        if (!Found && mark != EntriesBinaryWriter.Missing)
        {
            throw Malformed();
        }

        Key = Found && (mark & EntriesBinaryWriter.WithKey) != 0 ? Take() : default;
        Value = Found && (mark & EntriesBinaryWriter.WithValue) != 0 ? Take() : default;
        return true;
    }

    // The answer to several has operations, in their order.
    internal static bool[] ReadFound(ReadOnlySpan<byte> answer, int count)
    {
        bool[] found = new bool[count];
        EntriesBinaryReader entries = new(answer);
        for (int i = 0; i < count; i++)
        {
            found[i] = entries.Read() ? entries.Found : throw Malformed();
        }

        return found;
    }

    // The answer to one get or has: whether there is an entry, and its value.
    internal static bool ReadOnly(ReadOnlySpan<byte> answer, out ReadOnlySpan<byte> value)
    {
        EntriesBinaryReader entries = new(answer);
        bool found = entries.Read() ? entries.Found : throw Malformed();
        value = entries.Value;
        return entries.Read() ? throw Malformed() : found;
    }

    // Also for an answer with a wrong number of entries.
    internal static RaveException Malformed() => new(
        ErrorCodes.IoError, "The leader's answer is malformed. Run the same version of RaveLevel in all processes.");

    private ReadOnlySpan<byte> Take() => Varint.TryTake(ref _rest, out ReadOnlySpan<byte> bytes) ? bytes : throw Malformed();
}
