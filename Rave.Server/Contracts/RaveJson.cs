using System.Text.Json.Serialization;

namespace Rave.Server.Contracts;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(LeaderInfo))]
[JsonSerializable(typeof(Status))]
[JsonSerializable(typeof(CountAnswer))]
[JsonSerializable(typeof(HasManyAnswer))]
internal sealed partial class RaveJson : JsonSerializerContext;
