using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Rave.Server.Requests;

namespace Rave.Tests.OpenApi.Document;

// How a parameter of the table is written, and an example of it. One that is not listed is text: a key, a bound, an id, a token.
internal static class ParameterShapes
{
    // Shapes with a name, so that generators make one type of each.
    private static readonly Dictionary<Parameter, string> Named =
        new() { [Parameter.KeyEncoding] = "KeyEncoding", [Parameter.ValueEncoding] = "ValueEncoding" };

    private static readonly Dictionary<Parameter, Func<OpenApiSchema>> Shapes = new()
    {
        [Parameter.Sync] = () => Flag(otherwise: false),
        [Parameter.Reverse] = () => Flag(otherwise: false),
        [Parameter.Keys] = () => Flag(otherwise: true),
        [Parameter.Values] = () => Flag(otherwise: true),
        [Parameter.ETags] = () => Flag(otherwise: false),
        [Parameter.All] = () => Flag(otherwise: false),
        [Parameter.Limit] = () => Number(least: -1),
        [Parameter.PageSize] = () => Number(least: 1),
        [Parameter.TimeToLive] = () => Number(least: 1, most: 3600, otherwise: 60),
    };

    private static readonly Dictionary<Parameter, string> Examples = new()
    {
        [Parameter.Gt] = "fruit/apple",
        [Parameter.Gte] = "fruit/apple",
        [Parameter.Lt] = "fruit/cherry",
        [Parameter.Lte] = "fruit/cherry",
        [Parameter.Prefix] = "fruit/",
        [Parameter.Start] = "fruit/",
        [Parameter.End] = "fruit0",
        [Parameter.Snapshot] = "8d3c5a0f6b1e4c7f9a2d5e8b1c4f7a0d",
        [Parameter.Continuation] = "AQYAAAxmcnVpdC9hcHBsZQ",
        [Parameter.IfMatch] = "\"486ea46224d1bb4fb680f34f7c9ad96a\"",
        [Parameter.IfNoneMatch] = "*",
        [Parameter.IdempotencyKey] = "0b6f2c1e9d8a4f73;1",
        [Parameter.LastEventId] = "1893456000000-17.0",
    };

    internal static OpenApiParameter Of(Parameter parameter, OpenApiDocument document) => new()
    {
        Name = parameter.Name,
        In = parameter.InHeader ? ParameterLocation.Header : ParameterLocation.Query,
        Description = parameter.Description,
        Schema = Named.TryGetValue(parameter, out string? name) ? new OpenApiSchemaReference(name, document)
            : Shapes.TryGetValue(parameter, out Func<OpenApiSchema>? shape) ? shape()
            : new OpenApiSchema { Type = JsonSchemaType.String },
        // Named, since an example on its own is what Swagger UI would fill in and send.
        Examples = Examples.TryGetValue(parameter, out string? example)
            ? new Dictionary<string, IOpenApiExample> { ["none"] = new OpenApiExample { Summary = "Left out", Value = "" },
                ["one"] = new OpenApiExample { Value = example } }
            : null,
    };

    private static OpenApiSchema Flag(bool otherwise) => new() { Type = JsonSchemaType.Boolean, Default = otherwise };

    private static OpenApiSchema Number(long least, long? most = null, long? otherwise = null) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int64",
        Minimum = Text(least),
        Maximum = Text(most),
        Default = otherwise is { } value ? JsonValue.Create(value) : null,
    };

    private static string? Text(long? number) => number?.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
