using System.Text;

namespace Rave.Server.Protocol;

// Reads the body of a batch or get-many, without copying: application/vnd.rave.operations;v=1. docs/http.md describes each byte.
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

    // Points into the body; empty unless this is a put.
    internal ReadOnlySpan<byte> Value { get; private set; }

    // Only for a check.
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
            throw Invalid($"has the unknown type {mark:x2} (hex)");
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

    // The next operation of a get-many.
    internal bool ReadKey()
    {
        if (!Read())
        {
            return false;
        }

        return Type is OperationType.Get or OperationType.Has ? true : throw Invalid("must be a get or a has. Send writes to /v1/batch");
    }

    internal readonly RaveException Invalid(string what) => new(ErrorCodes.InvalidBatch, $"Operation {_index} {what}.");

    // One directly after the other. Each ends with its quote.
    private List<string> TakeETags()
    {
        ReadOnlySpan<byte> bytes = Take("etag");
        ReadOnlySpan<char> text = Ascii.IsValid(bytes) ? Encoding.ASCII.GetString(bytes) : "";
        List<string> etags = [];
        do
        {
            int length = ETag.LengthAtStart(text);
            etags.Add(length > 0 ? text[..length].ToString() : throw Invalid("has an invalid etag. An ETag includes its quotes"));
            text = text[length..];
        }
        while (!text.IsEmpty);
        return etags;
    }

    private ReadOnlySpan<byte> Take(string what) => Varint.TryTake(ref _rest, out ReadOnlySpan<byte> bytes)
        ? bytes
        : throw Invalid($"has an incomplete {what}: its length is longer than the body, or is not the shortest varint");
}
