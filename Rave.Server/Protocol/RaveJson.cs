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
    // Writes apostrophes without escapes, because people read this in a terminal. It is never embedded in HTML.
    internal static readonly RaveJson Legible = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
