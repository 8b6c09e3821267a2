using Rave.Client;
using System.Text.Json;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Rave.Tests.Endpoints;

namespace Rave.Tests.OpenApi;

// GET /openapi/v1.json, as tools read it.
public sealed class DocumentTests(SharedLeader leader) : IClassFixture<SharedLeader>
{
    [Fact]
    public async Task The_document_is_OpenApi_that_a_validator_accepts()
    {
        Answer answer = await leader.GetAsync("/openapi/v1.json");
        answer.Status.ShouldBe(200, answer.Text);
        answer.MediaType.ShouldBe("application/json");
        answer.Json.GetProperty("openapi").GetString()!.ShouldStartWith("3.1.");
        ReadResult read = OpenApiDocument.Parse(answer.Text, "json",
            new OpenApiReaderSettings { RuleSet = ValidationRuleSet.GetDefaultRuleSet() });
        read.Diagnostic!.Errors.ShouldBeEmpty();
        read.Diagnostic.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_reference_has_a_target()
    {
        JsonElement document = await DocumentAsync();
        foreach (string target in Members(document).Where(member => member.Name == "$ref").Select(member => member.Value.GetString()!))
        {
            target.ShouldStartWith("#/components/schemas/");
            document.GetProperty("components").GetProperty("schemas").TryGetProperty(target["#/components/schemas/".Length..], out _)
                .ShouldBeTrue(target);
        }
    }

    [Fact]
    public async Task Every_operation_has_a_summary_parameters_and_answers()
    {
        List<string> ids = [];
        foreach ((string name, JsonElement operation) in Operations(await DocumentAsync()))
        {
            operation.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty(name);
            ids.Add(operation.GetProperty("operationId").GetString()!);
            string[] statuses = [.. operation.GetProperty("responses").EnumerateObject().Select(response => response.Name)];
            statuses.ShouldContain(status => status[0] == '2', name);
            statuses.ShouldContain("400", name);
            statuses.ShouldContain("403", name);
            statuses.ShouldContain("503", name);
        }

        ids.ShouldBeUnique();
    }

    [Fact]
    public async Task Every_failure_is_a_problem_with_an_example_of_each_code()
    {
        HashSet<string> shown = [];
        foreach ((string name, JsonElement operation) in Operations(await DocumentAsync())
            .Where(operation => !operation.Name.StartsWith("head ", StringComparison.Ordinal)))
        {
            foreach (JsonProperty response in operation.GetProperty("responses").EnumerateObject()
                .Where(response => response.Name[0] is '4' or '5'))
            {
                JsonElement examples = response.Value.GetProperty("content").GetProperty("application/problem+json")
                    .GetProperty("examples");
                foreach (JsonProperty example in examples.EnumerateObject())
                {
                    JsonElement problem = example.Value.GetProperty("value");
                    problem.GetProperty("code").GetString().ShouldBe(example.Name, name);
                    problem.GetProperty("status").GetInt32().ToString(System.Globalization.CultureInfo.InvariantCulture)
                        .ShouldBe(response.Name);
                    shown.Add(example.Name);
                }
            }
        }

        shown.ShouldBe(CodesOfTheService(), ignoreOrder: true);
    }

    [Fact]
    public async Task Every_body_has_an_example()
    {
        foreach ((string name, JsonElement operation) in Operations(await DocumentAsync()))
        {
            IEnumerable<JsonProperty> contents = Members(operation).Where(member => member.Name == "content")
                .SelectMany(member => member.Value.EnumerateObject());
            foreach (JsonProperty content in contents)
            {
                (content.Value.TryGetProperty("example", out _) || content.Value.TryGetProperty("examples", out _))
                    .ShouldBeTrue($"{name} {content.Name}");
                content.Value.TryGetProperty("schema", out _).ShouldBeTrue($"{name} {content.Name}");
            }
        }
    }

    [Theory]
    [InlineData("POST", "/v1/get-many")]
    [InlineData("POST", "/v1/has-many")]
    [InlineData("POST", "/v1/batch")]
    public async Task The_example_of_a_body_is_accepted(string method, string path)
    {
        JsonElement operation = Operations(await DocumentAsync())
            .Single(operation => operation.Name == $"{method.ToLowerInvariant()} {path}").Operation;
        string example = operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example")
            .GetRawText();
        Answer answer = await leader.PostJsonAsync(path, example);
        answer.Status.ShouldBeInRange(200, 204, answer.Text);
    }

    [Theory]
    [InlineData("GET", "/v1/status", "Status")]
    [InlineData("GET", "/v1/count", "Count")]
    [InlineData("GET", "/v1/approximate-size", "Size")]
    [InlineData("GET", "/v1/entries", "Page")]
    [InlineData("POST", "/v1/snapshots", "Snapshot")]
    public async Task The_members_of_an_answer_are_those_of_its_schema(string method, string path, string schema)
    {
        JsonElement described = (await DocumentAsync()).GetProperty("components").GetProperty("schemas").GetProperty(schema);
        string[] members = [.. (await leader.SendAsync(method, path)).Json.EnumerateObject().Select(member => member.Name)];
        described.GetProperty("properties").EnumerateObject().Select(property => property.Name).ShouldBe(members, ignoreOrder: true);
        described.GetProperty("required").EnumerateArray().Select(name => name.GetString()).ShouldBe(members, ignoreOrder: true);
    }

    [Fact]
    public async Task The_document_has_no_parameters() =>
        (await leader.GetAsync("/openapi/v1.json?pretty=true")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");

    private static IEnumerable<string> CodesOfTheService() => typeof(ErrorCodes)
        .GetFields(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public)
        .Select(field => (string)field.GetRawConstantValue()!)
        .Except([ErrorCodes.Locked, ErrorCodes.BatchNotOpen, ErrorCodes.IteratorNotOpen, ErrorCodes.IteratorBusy, ErrorCodes.InvalidPrefix,
            ErrorCodes.HookError, ErrorCodes.ConnectionLost]);

    private async Task<JsonElement> DocumentAsync() => (await leader.GetAsync("/openapi/v1.json")).Json;

    private static IEnumerable<(string Name, JsonElement Operation)> Operations(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject(), (path, method) => ($"{method.Name} {path.Name}", method.Value));

    // Every member at any depth. Members inside examples are data.
    private static IEnumerable<JsonProperty> Members(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Where(member => member.Name is not ("example" or "examples"))
            .SelectMany(member => Members(member.Value).Prepend(member)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Members),
        _ => [],
    };
}
