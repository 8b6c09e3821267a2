using System.Text.Json.Serialization;

namespace Rave.Server.Protocol;

// RFC 9457 problem details, with our stable code; of a bulk load also how far it came.
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
