using System.Text;

namespace Rave.Server.Protocol;

// Reads application/vnd.rave.operations;v=1, the body of a batch or a get-many, in place. docs/http.md has it byte by byte.
internal ref struct OperationsBinaryReader(ReadOnlySpan<byte> body)
{
    internal const byte Put = 1;
    internal const byte Delete = 2;
    internal const byte CheckExists = 3;
    internal const byte CheckMissing = 4;
    internal const byte CheckETag = 5;
    internal const byte Get = 6;
    internal const byte Has = 7;
    internal const byte CheckOtherETag = 8;

    private ReadOnlySpan<byte> _rest = body;
    private int _index = -1;

    internal readonly bool IsAtEnd => _rest.IsEmpty;

    internal OperationType Type { get; private set; }

    // Points into the body.
    internal ReadOnlySpan<byte> Key { get; private set; }

    // Points into the body; empty but for a put.
    internal ReadOnlySpan<byte> Value { get; private set; }

    // Of a check; null for the other types.
    internal Precondition? Precondition { get; private set; }

    // Of the first operation.
    internal static ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> body)
    {
        OperationsBinaryReader first = new(body);
        first.Read();
        return first.Key;
    }

    internal bool Read()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        _index++;
        byte mark = _rest[0];
        _rest = _rest[1..];
        if (mark is < Put or > CheckOtherETag)
        {
            throw Invalid($"begins with the byte {mark:x2}, which is no operation's");
        }

        Key = Take("key");
        Value = mark == Put ? Take("value") : default;
        Precondition = mark switch
        {
            CheckExists => Precondition.Exists,
            CheckMissing => Precondition.Missing,
            CheckETag => new(Wanted: true, TakeETags()),
            CheckOtherETag => new(Wanted: false, TakeETags()),
            _ => null,
        };
        Type = mark switch
        {
            Put => OperationType.Put,
            Delete => OperationType.Delete,
            Get => OperationType.Get,
            Has => OperationType.Has,
            _ => OperationType.Check,
        };
        return true;
    }

    // A key of a get-many, which holds nothing but gets and hases.
    internal bool ReadKey()
    {
        if (!Read())
        {
            return false;
        }

        return Type is OperationType.Get or OperationType.Has ? true : throw Invalid("is neither a get nor a has, and a get-many holds nothing else");
    }

    internal readonly RaveException Invalid(string what) => new(ErrorCodes.InvalidBatch, $"Operation {_index} {what}.");

    // One behind the other: each ends with its quote.
    private List<string> TakeETags()
    {
        ReadOnlySpan<byte> bytes = Take("etag");
        ReadOnlySpan<char> text = Ascii.IsValid(bytes) ? Encoding.ASCII.GetString(bytes) : "";
        List<string> etags = [];
        do
        {
            int length = ETag.LengthAtStart(text);
            etags.Add(length > 0 ? text[..length].ToString() : throw Invalid("has an etag that is none: it stands with its quotes"));
            text = text[length..];
        }
        while (!text.IsEmpty);
        return etags;
    }

    private ReadOnlySpan<byte> Take(string what) =>
        Varint.TryTake(ref _rest, out ReadOnlySpan<byte> bytes) ? bytes : throw Invalid($"has no whole {what}: its length is no shortest varint, or says more than the body holds");
}
