using System.Text.Json.Serialization;

namespace Rave.Server.Protocol;

// Problem details (RFC 9457) with the stable code. For a bulk load, also the line of the error and the number of entries written.
internal sealed record Problem(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Line = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Written = null)
{
    internal const string BlankType = "about:blank";
}
