using System.Buffers;
using System.Text.Json;

namespace Rave.Server.Protocol;

// Reads [{"type":"put","key":"a","value":"1"},{"type":"del","key":"b"},{"type":"check","key":"c","exists":false}] operation by
// operation, without building a tree. Checks only where they are taken: elsewhere one must not pass for a write.
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

    // Good until the next Read.
    internal ReadOnlySpan<byte> Key { get; private set; }

    // Good until the next Read; empty for a del.
    internal ReadOnlySpan<byte> Value { get; private set; }

    // Of a check; null for the other types.
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
                throw new RaveException(ErrorCodes.InvalidBatch, "A batch is a JSON array of operations.");
            }

            _reader.Read();
        }

        if (_reader.TokenType == JsonTokenType.EndArray)
        {
            // Anything after the array is malformed, which reading on finds out.
            _reader.Read();
            return false;
        }

        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            throw Invalid($"is not an object but {JsonBody.Kind(_reader.TokenType)}");
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
            Value = _hasNullValue && valueEncoding != TextEncoding.Json ? default : valueEncoding == TextEncoding.Json
                ? JsonBody.Json(ref _reader, _body)
                : JsonBody.Bytes(ref _reader, valueEncoding, ref _valueScratch, ErrorCodes.InvalidValue);
        }
        else if (takesChecks && _reader.ValueTextEquals("etag"u8))
        {
            Once(ref _hasETag, "etag");
            if (_reader.TokenType == JsonTokenType.Null)
            {
                _hasETag = false;
                return;
            }

            string? etag = _reader.TokenType == JsonTokenType.String ? _reader.GetString() : null;
            Precondition = ETag.IsStrong(etag) ? new(Wanted: true, [etag!]) : throw Invalid("has an etag that is none: it stands with its quotes, as in \"\\\"…\\\"\"");
        }
        else if (takesChecks && _reader.ValueTextEquals("exists"u8))
        {
            Once(ref _hasExists, "exists");
            if (_reader.TokenType == JsonTokenType.Null)
            {
                _hasExists = false;
                return;
            }

            Precondition = _reader.TokenType switch
            {
                JsonTokenType.True => Precondition.Exists,
                JsonTokenType.False => Precondition.Missing,
                _ => throw Invalid("has an exists that is neither true nor false"),
            };
        }
        else
        {
            throw new RaveException(ErrorCodes.InvalidRequest, $"Operation {_index} has an unknown member '{JsonBody.Name(ref _reader)}'.");
        }
    }

    private readonly OperationType ReadType()
    {
        bool isText = _reader.TokenType == JsonTokenType.String;
        return isText && _reader.ValueTextEquals("put"u8) ? OperationType.Put
            : isText && _reader.ValueTextEquals("del"u8) ? OperationType.Delete
            : isText && takesChecks && _reader.ValueTextEquals("check"u8) ? OperationType.Check
            : throw Invalid($"has a type that is neither \"put\" nor \"del\"{(takesChecks ? " nor \"check\"" : "")}");
    }

    private void Once(ref bool seen, string member)
    {
        if (seen)
        {
            throw new RaveException(ErrorCodes.InvalidRequest, $"Operation {_index} has the member '{member}' twice.");
        }

        seen = true;
        _reader.Read();
    }

    private void Check()
    {
        if (!_hasType)
        {
            Type = assumed ?? throw Invalid("has no type");
        }

        if (!_hasKey)
        {
            throw Invalid("has no key");
        }

        if (_hasNullValue && Type == OperationType.Put && valueEncoding != TextEncoding.Json)
        {
            throw new RaveException(ErrorCodes.InvalidValue, $"Operation {_index} has a value that is null; only valueEncoding=json has such values.");
        }

        // Null is left out, as generated clients write what they have not: only a put can store it.
        if ((_hasValue && !(_hasNullValue && Type != OperationType.Put)) != (Type == OperationType.Put))
        {
            throw Invalid(Type == OperationType.Put ? "is a put without a value" : $"is a {(Type == OperationType.Delete ? "del" : "check")} with a value");
        }

        if (Type == OperationType.Check ? _hasETag == _hasExists : _hasETag || _hasExists)
        {
            throw Invalid(Type == OperationType.Check ? "is a check without exactly one of etag and exists" : "has an etag or exists, which are a check's");
        }
    }

    private readonly RaveException Invalid(string what) => new(ErrorCodes.InvalidBatch, $"Operation {_index} {what}.");
}
