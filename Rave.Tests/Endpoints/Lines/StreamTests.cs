namespace Rave.Tests.Contract;

// Lines out and in: application/x-ndjson.
[Collection(ContractSuite.Name)]
public sealed class StreamTests(ContractLeader leader)
{
    [Fact]
    public async Task Accept_ndjson_streams_the_whole_range_an_entry_a_line()
    {
        await leader.FillAsync("st/out/1", "st/out/2");
        WireAnswer lines = await leader.AskAsync("GET /v1/entries?prefix=st/out/", null, ContractLeader.Lines);
        lines.Status.ShouldBe(200);
        lines.Header("Content-Type").ShouldBe("application/x-ndjson");
        lines.Body.ShouldBe("{\"key\":\"st/out/1\",\"value\":\"st/out/1\"}\n{\"key\":\"st/out/2\",\"value\":\"st/out/2\"}\n");
        lines.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public async Task A_json_value_is_written_on_one_line()
    {
        await leader.AskAsync("PUT /v1/kv/st/json", "{\n  \"a\": \"b c\"\n}");
        (await leader.AskAsync("GET /v1/entries?prefix=st/json&valueEncoding=json", null, ContractLeader.Lines)).Body
            .ShouldBe("{\"key\":\"st/json\",\"value\":{\"a\":\"b c\"}}\n");
    }

    [Fact]
    public async Task A_stream_that_could_not_be_finished_is_cut()
    {
        await leader.AskAsync("PUT /v1/kv/st/cut/1", "good");
        await leader.AskAsync("PUT /v1/kv/st/cut/2", "\u00ff");
        WireAnswer cut = await leader.AskAsync("GET /v1/entries?prefix=st/cut/", null, ContractLeader.Lines);
        (cut is { Status: 200, IsWhole: true }).ShouldBeFalse("a short answer never looks complete");
    }

    [Fact]
    public async Task Post_entries_reads_back_what_was_streamed()
    {
        await leader.FillAsync("st/back/1", "st/back/2");
        const string encodings = "keyEncoding=base64&valueEncoding=base64";
        string backup = (await leader.AskAsync($"GET /v1/entries?prefix=c3QvYmFjay8=&{encodings}", null, ContractLeader.Lines)).Body;
        await leader.AskAsync("DELETE /v1/entries?prefix=st/back/");
        WireAnswer loaded = await leader.AskAsync($"POST /v1/entries?{encodings}", backup, ContractLeader.Ndjson);
        loaded.Status.ShouldBe(200);
        loaded.Body.ShouldBe("""{"written":2}""");
        (await leader.AskAsync("GET /v1/entries?prefix=st/back/")).Keys.ShouldBe("st/back/1 st/back/2");
    }

    [Fact]
    public async Task A_bad_line_is_400_with_its_number_and_how_many_before_it_were_written()
    {
        string lines = "{\"key\":\"st/bad/1\",\"value\":\"1\"}\n{\"key\":\"st/bad/2\",\"value\":\"2\"}\n{\"key\":7}\n";
        string detail = (await leader.AskAsync("POST /v1/entries", lines, ContractLeader.Ndjson)).ShouldBeProblem(400, "LEVEL_INVALID_KEY");
        detail.ShouldContain("3");
        detail.ShouldContain("2");
        (await leader.AskAsync("GET /v1/entries?prefix=st/bad/")).Keys.ShouldBe("st/bad/1 st/bad/2");
    }

    [Fact]
    public async Task A_bulk_load_takes_no_idempotency_key()
    {
        string line = "{\"key\":\"st/key\",\"value\":\"1\"}\n";
        (await leader.AskAsync("POST /v1/entries", line, ContractLeader.Ndjson, "Idempotency-Key: 0123456789abcdef;1")).ShouldBeProblem(400, "LEVEL_INVALID_REQUEST");
        (await leader.AskAsync("GET /v1/kv/st/key")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_bulk_load_needs_its_type() =>
        (await leader.AskJsonAsync("POST /v1/entries", "{}")).ShouldBeProblem(415, "LEVEL_INVALID_REQUEST").ShouldContain("application/x-ndjson");
}
