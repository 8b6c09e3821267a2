using Rave.Server.Contracts;

namespace Rave.Server.Endpoints;

// A page or the answer of a get-many, in the form that the client chose.
internal sealed class EntriesWriter(PooledBuffer output, Query query, bool binary) : IDisposable
{
    private readonly EntriesJsonWriter? _json = binary ? null : new(output, query.KeyEncoding, query.ValueEncoding);

    internal string MediaType => binary ? MediaTypes.Entries : MediaTypes.Json;

    internal void WriteEntry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool withKey, bool withValue, bool withETag)
    {
        if (_json is not null)
        {
            _json.WriteEntry(key, value, withKey, withValue, withETag);
        }
        else
        {
            EntriesBinaryWriter.WriteEntry(output, key, value, withKey, withValue);
        }
    }

    // Of a get-many: in the binary form the answer's place says whose value it is.
    internal void WriteFound(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => WriteEntry(key, value, withKey: !binary, withValue: true, withETag: false);

    // Of a has.
    internal void WriteFound(ReadOnlySpan<byte> key) => WriteEntry(key, default, withKey: !binary, withValue: false, withETag: false);

    internal void WriteMissing()
    {
        if (_json is not null)
        {
            _json.WriteMissing();
        }
        else
        {
            EntriesBinaryWriter.WriteMissing(output);
        }
    }

    internal void End()
    {
        if (_json is not null)
        {
            _json.End();
        }
        else
        {
            EntriesBinaryWriter.WriteEnd(output);
        }
    }

    internal void EndPage(string? continuation)
    {
        if (_json is not null)
        {
            _json.EndPage(continuation);
        }
        else
        {
            EntriesBinaryWriter.WriteEnd(output, continuation);
        }
    }

    public void Dispose() => _json?.Dispose();
}
