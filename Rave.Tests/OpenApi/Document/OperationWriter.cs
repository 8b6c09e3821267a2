using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Rave.Server.Protocol;
using Rave.Server.Requests;

namespace Rave.Tests.OpenApi.Document;

// Writes one operation of the document.
internal static class OperationWriter
{
    internal static void Fill(OpenApiOperation operation, Operation known, IReadOnlyList<Parameter> parameters, OpenApiDocument document)
    {
        operation.OperationId = known.Id;
        operation.Summary = known.Summary;
        operation.Description = known.Description;
        operation.Tags = new HashSet<OpenApiTagReference> { new(known.Family, document) };
        operation.Parameters = [.. PathParameters(known), .. parameters.Select(parameter => ParameterShapes.Of(parameter, document))];
        operation.RequestBody = known.Request is null ? null
            : new OpenApiRequestBody { Required = true, Content = Content(known.Request, document) };
        operation.Responses = [];
        foreach (IGrouping<int, Reply> replies in known.Replies.Concat(Operations.Common).GroupBy(reply => reply.Status)
            .OrderBy(group => group.Key))
        {
            // The answer to a HEAD never has a body.
            bool bodiless = known.Method == HttpMethods.Head;
            operation.Responses.Add(replies.Key.ToString(CultureInfo.InvariantCulture), Response([.. replies], bodiless, document));
        }
    }

    private static IEnumerable<IOpenApiParameter> PathParameters(Operation known) => known.Part is not { } part ? [] :
    [
        new OpenApiParameter
        {
            Name = part.Name,
            In = ParameterLocation.Path,
            Required = true,
            Description = part.Description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            Example = part.Example,
        },
    ];

    private static OpenApiResponse Response(IReadOnlyList<Reply> replies, bool bodiless, OpenApiDocument document)
    {
        Reply first = replies[0];
        string[] codes = [.. replies.SelectMany(reply => reply.Codes).Distinct()];
        OpenApiResponse response = new() { Description = codes.Length > 0 ? string.Join(", ", codes) : first.Description };
        if (!bodiless)
        {
            response.Content = codes.Length > 0 ? ProblemContent(first.Status, codes, document) : Content(replies, document);
        }

        ReplyHeader[] headers = first.Status == StatusCodes.Status503ServiceUnavailable ? [new("Retry-After", "Seconds to wait.", "1")]
            : [.. first.Headers];
        response.Headers = headers.Length == 0 ? null
            : headers.ToDictionary(header => header.Name, IOpenApiHeader (header) => new OpenApiHeader
        {
            Description = header.Description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            Example = header.Example,
        });
        return response;
    }

    private static Dictionary<string, OpenApiMediaType> Content(Body body, OpenApiDocument document) => new()
    {
        [body.MediaType] = new()
        {
            Schema = body.Schema is { } name ? new OpenApiSchemaReference(name, document) : Text(body.MediaType),
            Example = body.Schema is null ? JsonValue.Create(body.Example) : JsonNode.Parse(body.Example),
        },
    };

    // Of one status in each of its forms.
    private static Dictionary<string, OpenApiMediaType>? Content(IReadOnlyList<Reply> replies, OpenApiDocument document)
    {
        Dictionary<string, OpenApiMediaType> forms = replies.Where(reply => reply.Body is not null)
            .SelectMany(reply => Content(reply.Body!, document)).ToDictionary();
        return forms.Count == 0 ? null : forms;
    }

    // Lines and events are streams to a generator: of mere text it would make a JSON string, or wait for its end.
    private static OpenApiSchema Text(string mediaType) =>
        new() { Type = JsonSchemaType.String, Format = mediaType is MediaTypes.Bytes or MediaTypes.Ndjson or MediaTypes.Events
            ? "binary" : null };

    private static Dictionary<string, OpenApiMediaType> ProblemContent(int status, string[] codes, OpenApiDocument document) => new()
    {
        [MediaTypes.Problem] = new()
        {
            Schema = new OpenApiSchemaReference(nameof(Problem), document),
            Examples = codes.ToDictionary(code => code, IOpenApiExample (code) => new OpenApiExample { Value = Example(status, code) }),
        },
    };

    private static JsonNode? Example(int status, string code) => JsonSerializer.SerializeToNode(
        new Problem(Problem.BlankType, ReasonPhrases.GetReasonPhrase(status), status, "A message for people.", code),
            RaveJson.Legible.Problem);
}
