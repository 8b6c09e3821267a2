using System.Buffers;
using System.Text.Json;

namespace Rave.Server.Protocol;

// Reads one operation after the other, without building a tree:
// [{"type":"put","key":"a","value":"1"},{"type":"del","key":"b"},{"type":"check","key":"c","exists":false}].
// Checks are accepted only where the caller handles them: a check must never be taken for a write.
internal ref struct BatchJsonReader(
    ReadOnlySpan<byte> body, TextEncoding keyEncoding, TextEncoding valueEncoding, OperationType? assumed = null, bool takesChecks = false)
{
    private readonly ReadOnlySpan<byte> _body = body;
    private Utf8JsonReader _reader = new(body, JsonBody.Options);
    private byte[] _keyScratch = ArrayPool<byte>.Shared.Rent(256);
    private byte[] _valueScratch = ArrayPool<byte>.Shared.Rent(1024);
    private int _index = -1;
    private bool _hasType;
    private bool _hasKey;
    private bool _hasValue;
    private bool _hasNullValue;
    private bool _hasETag;
    private bool _hasExists;

    internal OperationType Type { get; private set; }

    // Valid until the next Read.
    internal ReadOnlySpan<byte> Key { get; private set; }

    // Valid until the next Read; empty for a del.
    internal ReadOnlySpan<byte> Value { get; private set; }

    // Only for a check.
    internal Precondition? Precondition { get; private set; }

    internal bool Read()
    {
        try
        {
            return ReadOperation();
        }
        catch (Exception cause) when (JsonBody.IsMalformed(cause))
        {
            throw JsonBody.Malformed(cause);
        }
    }

    internal void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_keyScratch);
        ArrayPool<byte>.Shared.Return(_valueScratch);
    }

    private bool ReadOperation()
    {
        _reader.Read();
        if (_index++ < 0)
        {
            if (_reader.TokenType != JsonTokenType.StartArray)
            {
                throw new RaveException(
                    ErrorCodes.InvalidBatch, $"A batch must be a JSON array of operations, not {JsonBody.Kind(_reader.TokenType)}.");
            }

            _reader.Read();
        }

        if (_reader.TokenType == JsonTokenType.EndArray)
        {
            // Throws if anything follows the array.
            _reader.Read();
            return false;
        }

        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            throw Invalid($"must be an object, not {JsonBody.Kind(_reader.TokenType)}");
        }

        _hasType = _hasKey = _hasValue = _hasNullValue = _hasETag = _hasExists = false;
        Value = default;
        Precondition = null;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember();
        }

        Check();
        return true;
    }

    private void ReadMember()
    {
        if (_reader.ValueTextEquals("type"u8))
        {
            Once(ref _hasType, "type");
            Type = ReadType();
        }
        else if (_reader.ValueTextEquals("key"u8))
        {
            Once(ref _hasKey, "key");
            Key = JsonBody.Bytes(ref _reader, keyEncoding, ref _keyScratch, ErrorCodes.InvalidKey);
        }
        else if (_reader.ValueTextEquals("value"u8))
        {
            Once(ref _hasValue, "value");
            _hasNullValue = _reader.TokenType == JsonTokenType.Null;
            Value = _hasNullValue && valueEncoding != TextEncoding.Json
                ? default
                : JsonBody.Value(ref _reader, _body, valueEncoding, ref _valueScratch);
        }
        else if (takesChecks && _reader.ValueTextEquals("etag"u8))
        {
            Once(ref _hasETag, "etag");
            if (IsNull(ref _hasETag))
            {
                return;
            }

            string? etag = _reader.TokenType == JsonTokenType.String ? _reader.GetString() : null;
            Precondition = ETag.IsStrong(etag)
                ? new(Wanted: true, [etag!])
                : throw Invalid("has an invalid 'etag'. An ETag includes its quotes, as in \"\\\"…\\\"\"");
        }
        else if (takesChecks && _reader.ValueTextEquals("exists"u8))
        {
            Once(ref _hasExists, "exists");
            if (IsNull(ref _hasExists))
            {
                return;
            }

            Precondition = _reader.TokenType switch
            {
                JsonTokenType.True => Precondition.Exists,
                JsonTokenType.False => Precondition.Missing,
                _ => throw Invalid("has an invalid 'exists'. It must be true or false"),
            };
        }
        else
        {
            throw new RaveException(
                ErrorCodes.InvalidRequest, $"Operation {_index} has an unknown member '{JsonBody.Name(ref _reader)}'. Remove it.");
        }
    }

    // Generated clients send null for a member that they do not set.
    private readonly bool IsNull(ref bool seen)
    {
        seen = _reader.TokenType != JsonTokenType.Null;
        return !seen;
    }

    private readonly OperationType ReadType()
    {
        bool isText = _reader.TokenType == JsonTokenType.String;
        return isText && _reader.ValueTextEquals("put"u8) ? OperationType.Put
            : isText && _reader.ValueTextEquals("del"u8) ? OperationType.Delete
            : isText && takesChecks && _reader.ValueTextEquals("check"u8) ? OperationType.Check
            : throw Invalid($"has an unknown type. Use {Types}");
    }

    private readonly string Types => takesChecks ? "\"put\", \"del\" or \"check\"" : "\"put\" or \"del\"";

    private void Once(ref bool seen, string member)
    {
        if (seen)
        {
            throw new RaveException(ErrorCodes.InvalidRequest, $"Operation {_index} has the member '{member}' twice. Send it once.");
        }

        seen = true;
        _reader.Read();
    }

    private void Check()
    {
        if (!_hasType)
        {
            Type = assumed ?? throw Invalid($"has no type. Use {Types}");
        }

        if (!_hasKey)
        {
            throw Invalid("has no key. Add the member 'key'");
        }

        bool isPut = Type == OperationType.Put;
        if (_hasNullValue && isPut && valueEncoding != TextEncoding.Json)
        {
            throw new RaveException(
                ErrorCodes.InvalidValue, $"The value of operation {_index} is null. Send a string, or use valueEncoding=json.");
        }

        if (isPut && !_hasValue)
        {
            throw Invalid("is a put without a value. Add the member 'value'");
        }

        if (!isPut && _hasValue && !_hasNullValue)
        {
            throw Invalid("has a value. Only a put may have one");
        }

        if (Type == OperationType.Check && _hasETag == _hasExists)
        {
            throw Invalid("is a check, which needs either 'etag' or 'exists'");
        }

        if (Type != OperationType.Check && (_hasETag || _hasExists))
        {
            throw Invalid("has an 'etag' or 'exists'. Only a check may have one");
        }
    }

    private readonly RaveException Invalid(string what) => new(ErrorCodes.InvalidBatch, $"Operation {_index} {what}.");
}
