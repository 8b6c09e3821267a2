using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rave.Server.Protocol;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(LeaderInfo))]
[JsonSerializable(typeof(LeaderReign))]
[JsonSerializable(typeof(Status))]
[JsonSerializable(typeof(CountAnswer))]
[JsonSerializable(typeof(SizeAnswer))]
[JsonSerializable(typeof(HasManyAnswer))]
[JsonSerializable(typeof(LoadAnswer))]
[JsonSerializable(typeof(SnapshotAnswer))]
[JsonSerializable(typeof(RepairReport))]
internal sealed partial class RaveJson : JsonSerializerContext
{
    // What the service writes never stands inside HTML: an apostrophe stays one, for people read it in a terminal.
    internal static readonly RaveJson Legible = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
