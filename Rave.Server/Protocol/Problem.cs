using System.Text.Json.Serialization;

namespace Rave.Server.Protocol;

// Problem details (RFC 9457) with the stable code. For a bulk load, also the line of the error and the number of entries written. For a
// clear, the number of entries deleted.
internal sealed record Problem(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Line = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Written = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Deleted = null)
{
    internal const string BlankType = "about:blank";
}
