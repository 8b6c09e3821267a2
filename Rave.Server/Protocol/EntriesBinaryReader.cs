
namespace Rave.Server.Protocol;

// Reads application/vnd.rave.entries;v=1 in place: what EntriesBinaryWriter writes.
internal ref struct EntriesBinaryReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    // Bytes that were not read yet.
    internal readonly int Left => _rest.Length;

    // False where get-many found none.
    internal bool Found { get; private set; }

    // Points into the body; empty where keys were left out.
    internal ReadOnlySpan<byte> Key { get; private set; }

    // Points into the body; empty where values were left out.
    internal ReadOnlySpan<byte> Value { get; private set; }

    // Once all entries are read: where the page goes on, or null.
    internal string? Continuation { get; private set; }

    internal bool Read()
    {
        byte mark = _rest.IsEmpty ? throw Malformed() : _rest[0];
        _rest = _rest[1..];
        if (mark == EntriesBinaryWriter.End)
        {
            ReadOnlySpan<byte> token = Take();
            Continuation = token.IsEmpty ? null : System.Text.Encoding.ASCII.GetString(token);
            return !_rest.IsEmpty ? throw Malformed() : false;
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

    // The answer to many hases: whether there is an entry, in their order.
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

    // An answer with another number of entries than keys were asked for is none either.
    internal static RaveException Malformed() => new(ErrorCodes.IoError, "The leader's answer is not in the form that it says.");

    private ReadOnlySpan<byte> Take() => Varint.TryTake(ref _rest, out ReadOnlySpan<byte> bytes) ? bytes : throw Malformed();
}
