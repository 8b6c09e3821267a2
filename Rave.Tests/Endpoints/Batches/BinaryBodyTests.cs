using System.Net.Http.Headers;

namespace Rave.Tests.Endpoints;

public abstract class BinaryBodyTests(HttpSubject subject, ITestOutputHelper output)
{
    public sealed class OnLevelDb(SharedLeader leader, ITestOutputHelper output)
        : BinaryBodyTests(leader, output), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway, ITestOutputHelper output)
        : BinaryBodyTests(gateway, output), IClassFixture<SharedGateway>;

    private const string Operations = "application/vnd.rave.operations;v=1";
    private const string Entries = "application/vnd.rave.entries;v=1";
    private const string OperationsLine = "Content-Type: " + Operations;
    private const string EntriesLine = "Accept: " + Entries;

    [Fact]
    public async Task A_batch_and_a_get_many_work_in_the_binary_form()
    {
        (await PostAsync("/v1/batch", "01" + "026261" + "0131" + "02" + "026262")).Status.ShouldBe(204);
        Answer got = await PostAsync("/v1/get-many", "06026261" + "06026262" + "06026261", ("Accept", Entries));
        got.Status.ShouldBe(200);
        got.Headers["Content-Type"].ShouldBe(["application/vnd.rave.entries; v=1"]);
        Hex(got).ShouldBe("060131" + "01" + "060131" + "0000");
    }

    [Fact]
    public async Task A_get_many_may_request_values_of_some_keys_and_the_existence_of_others()
    {
        (await PostAsync("/v1/batch", "01" + "026861" + "0131" + "01" + "026862" + "00")).Status.ShouldBe(204);
        string asked = "07026861" + "06026861" + "07026863" + "07026862" + "06026862";
        Answer got = await PostAsync("/v1/get-many", asked, ("Accept", Entries));
        Hex(got).ShouldBe("04" + "060131" + "01" + "04" + "0600" + "0000");
        (await PostAsync("/v1/get-many", asked)).Text.ShouldBe(
            """{"entries":[{"key":"ha"},{"key":"ha","value":"1"},null,{"key":"hb"},{"key":"hb","value":""}]}""");
        (await PostAsync("/v1/batch", "07026861")).ShouldBeProblem(400, "LEVEL_INVALID_BATCH");
    }

    [Fact]
    public async Task Both_forms_of_request_and_answer_can_be_combined()
    {
        await subject.PutAsync("/v1/kv/mixed", "1");
        (await PostAsync("/v1/get-many", "06056d69786564")).Text.ShouldBe("""{"entries":[{"key":"mixed","value":"1"}]}""");
        Answer got = await subject.SendAsync("POST", "/v1/get-many",
            new StringContent("""{"keys":["mixed","none"]}""", new MediaTypeHeaderValue("application/json")), ("Accept", Entries));
        Hex(got).ShouldBe("060131" + "01" + "0000");
    }

    [Fact]
    public async Task The_binary_form_has_checks()
    {
        await subject.PutAsync("/v1/kv/checked", "1");
        string key = "07" + Convert.ToHexStringLower("checked"u8);
        (await PostAsync("/v1/batch", "04" + key + "01" + key + "0132")).ShouldBeProblem(412, "LEVEL_PRECONDITION_FAILED");
        string etag = Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(Tags.Of("1")));
        (await PostAsync("/v1/batch", "03" + key + "05" + key + $"{etag.Length / 2:x2}" + etag + "01" + key + "0133")).Status.ShouldBe(204);
        (await subject.GetAsync("/v1/kv/checked")).Text.ShouldBe("3");
    }

    [Fact]
    public async Task A_page_omits_what_was_not_requested()
    {
        await subject.FillAsync("page/a", "page/b");
        Answer page = await subject.GetAsync("/v1/entries?prefix=page/&values=false&pageSize=1", ("Accept", Entries));
        Hex(page)[..16].ShouldBe("0506" + Convert.ToHexStringLower("page/a"u8));
        string token = System.Text.Encoding.ASCII.GetString(page.Bytes.AsSpan(10));
        Hex(await subject.GetAsync($"/v1/entries?continuation={token}", ("Accept", Entries)))
            .ShouldBe("0506" + Convert.ToHexStringLower("page/b"u8) + "0000");
        (await subject.GetAsync("/v1/entries?etags=true", ("Accept", Entries))).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
    }

    [Theory]
    [InlineData("application/vnd.rave.operations;v=2")]
    [InlineData("application/vnd.rave.operations")]
    [InlineData("application/vnd.rave.entries;v=1")]
    public async Task A_version_that_is_not_known_is_415(string type)
    {
        foreach (string route in new[] { "/v1/batch", "/v1/get-many" })
        {
            (await PostAsAsync(route, type, [1, 1, 0x76, 0])).ShouldBeProblem(415, "LEVEL_INVALID_REQUEST");
        }

        (await subject.GetAsync("/v1/kv/v")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("application/vnd.rave.entries;v=1", true)]
    [InlineData("Application/Vnd.Rave.Entries; v=1", true)]
    [InlineData("application/vnd.rave.entries;v=1, application/json;q=0.5", true)]
    [InlineData("application/vnd.rave.entries;v=2", false)]
    [InlineData("application/vnd.rave.entries", false)]
    [InlineData("*/*", false)]
    [InlineData("application/*", false)]
    public async Task Only_clients_that_request_the_binary_form_get_it(string accept, bool binary) =>
        (await subject.GetAsync("/v1/entries?limit=0", ("Accept", accept))).MediaType
            .ShouldBe(binary ? "application/vnd.rave.entries" : "application/json");

    [Theory]
    [InlineData("/v1/batch", "00", "LEVEL_INVALID_BATCH")]
    [InlineData("/v1/batch", "0700", "LEVEL_INVALID_BATCH")]
    [InlineData("/v1/batch", "0103", "LEVEL_INVALID_BATCH")]
    [InlineData("/v1/batch", "01016100" + "010162", "LEVEL_INVALID_BATCH")]
    [InlineData("/v1/batch", "0101610131" + "060161", "LEVEL_INVALID_BATCH")]
    [InlineData("/v1/batch", "0101610131" + "050161" + "0361aabb", "LEVEL_INVALID_BATCH")]
    [InlineData("/v1/batch", "0101610131" + "0107ffff72617665000131", "LEVEL_INVALID_KEY")]
    [InlineData("/v1/get-many", "020161", "LEVEL_INVALID_BATCH")]
    [InlineData("/v1/get-many", "06ffffffff07", "LEVEL_INVALID_BATCH")]
    public async Task A_malformed_body_is_refused_as_a_whole(string route, string hex, string code)
    {
        (await PostAsync(route, hex)).ShouldBeProblem(400, code);
        (await subject.GetAsync("/v1/kv/a")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Damaged_bodies_are_refused_or_applied_and_never_a_failure_of_the_leader()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        for (int i = 0; i < 300; i++)
        {
            byte[] body = Convert.FromHexString(
                "01" + "0466757a7a" + "0131" + "02" + "0466757a7a" + "03" + "0466757a7a" + "06" + "0466757a7a");
            for (int flips = random.Next(1, 5); flips > 0; flips--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            body = body[..random.Next(body.Length + 1)];
            foreach (string route in new[] { "/v1/batch", "/v1/get-many" })
            {
                (await PostAsAsync(route, Operations, body)).Status.ShouldBeOneOf(200, 204, 400, 412);
            }
        }
    }

    [Fact]
    public async Task A_batch_of_operations_is_applied_and_a_get_many_answers_in_entries()
    {
        // put "bf/a" = "1"; put "bf/b" = "".
        (await subject.AskAsync("POST /v1/batch", "\u0001\u0004bf/a\u00011\u0001\u0004bf/b\0", OperationsLine)).Status.ShouldBe(204);
        (await subject.AskAsync("GET /v1/kv/bf/a")).Body.ShouldBe("1");
        WireAnswer got = await subject.AskAsync("POST /v1/get-many", "\u0006\u0004bf/a\u0006\u0004none", OperationsLine, EntriesLine);
        got.Status.ShouldBe(200);
        got.Header("Content-Type").ShouldStartWith("application/vnd.rave.entries");
        got.Body.ShouldContain("1");
    }

    [Fact]
    public async Task Json_stays_the_default() =>
        (await subject.AskJsonAsync("POST /v1/get-many", """{"keys":["bf/none"]}""")).Body.ShouldBe("""{"entries":[null]}""");

    [Theory]
    [InlineData("\u0001\u0005ab")]
    [InlineData("\u0009")]
    [InlineData("\u0001\u0001a\u00ff\u00ff\u00ff\u00ff\u00ff")]
    public async Task A_malformed_body_is_400_and_nothing_is_written(string body) =>
        (await subject.AskAsync("POST /v1/batch", body, OperationsLine)).ShouldBeProblem(400, "LEVEL_INVALID_BATCH");

    private static string Hex(Answer answer) => Convert.ToHexStringLower(answer.Bytes);

    private Task<Answer> PostAsync(string target, string hex, params (string Name, string Value)[] headers) =>
        PostAsAsync(target, Operations, Convert.FromHexString(hex), headers);

    private Task<Answer> PostAsAsync(string target, string type, byte[] body, params (string Name, string Value)[] headers) =>
        subject.SendAsync("POST", target,
            new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } }, headers);
}
