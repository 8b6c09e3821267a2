using Rave.Server.LevelDb;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

public abstract class ReservedKeyTests(HttpSubject subject) : IAsyncLifetime
{
    public sealed class OnLevelDb() : ReservedKeyTests(new SharedLeader())
    {
        [Fact]
        public async Task A_record_in_the_reserved_range_is_never_shown_and_survives_every_request()
        {
            using TempDirectory directory = new();
            Write(directory["db"], [.. Around, First, Within, Last]);
            await using (SharedLeader leader = await SharedLeader.OfAsync(directory["db"]))
            {
                await ShouldShowOnlyAsync(leader, Around);
                (await leader.GetAsync($"/v1/kv/{First}?keyEncoding=hex")).ShouldBeProblem(404, "LEVEL_NOT_FOUND");
                (await leader.SendAsync("HEAD", $"/v1/kv/{Within}?keyEncoding=hex")).Status.ShouldBe(404);
                (await leader.PostJsonAsync("/v1/get-many?keyEncoding=hex", $$"""{"keys":["{{First}}"]}""")).Text
                    .ShouldBe("""{"entries":[null]}""");
                (await leader.PostJsonAsync("/v1/has-many?keyEncoding=hex", $$"""{"keys":["{{Within}}"]}""")).Text
                    .ShouldBe("""{"found":[false]}""");
                (await leader.GetAsync($"/v1/entries?keyEncoding=hex&gte={First}&lt=ffff7261766501")).Keys.ShouldBe("");
                (await leader.GetAsync($"/v1/count?keyEncoding=hex&prefix={First}")).Text.ShouldBe("""{"count":0}""");
                (await leader.DeleteAsync($"/v1/entries?keyEncoding=hex&prefix={First}")).Status.ShouldBe(204);
                (await leader.DeleteAsync("/v1/entries?all=true")).Status.ShouldBe(204);
                (await leader.GetAsync("/v1/count")).Text.ShouldBe("""{"count":0}""");
            }

            using LevelDatabase database = LevelDatabase.Open(directory["db"], new(), create: false);
            foreach (string key in (string[])[First, Within, Last])
            {
                database.Get(Convert.FromHexString(key)).ShouldNotBeNull();
            }
        }
    }

    public sealed class OnEtcd() : ReservedKeyTests(new SharedGateway());

    public ValueTask InitializeAsync() => subject.InitializeAsync();

    public ValueTask DisposeAsync() => subject.DisposeAsync();

    private const string First = "ffff7261766500";
    private const string Within = "ffff726176650001ff";
    private const string Last = "ffff7261766500ffffff";

    // The neighbours of the reserved range on both sides, in order.
    private static readonly string[] Around =
        ["ffff", "ffff726176", "ffff72617665", "ffff7261766501", "ffff726176650100", "ffff73", "ffffff"];

    [Fact]
    public async Task A_write_to_a_reserved_key_is_refused()
    {
        foreach (string key in (string[])[First, Within, Last])
        {
            (await subject.PutAsync($"/v1/kv/{key}?keyEncoding=hex", "x")).ShouldBeProblem(400, "LEVEL_INVALID_KEY")
                .ShouldContain("reserved");
            (await subject.DeleteAsync($"/v1/kv/{key}?keyEncoding=hex")).ShouldBeProblem(400, "LEVEL_INVALID_KEY");
            string[] operations = [$$"""{"type":"put","key":"{{key}}","value":""}""", $$"""{"type":"del","key":"{{key}}"}"""];
            foreach (string operation in operations)
            {
                string body = $$"""[{"type":"put","key":"61","value":""},{{operation}}]""";
                (await subject.PostJsonAsync("/v1/batch?keyEncoding=hex", body)).ShouldBeProblem(400, "LEVEL_INVALID_KEY");
            }
        }

        (await subject.GetAsync("/v1/count")).Text.ShouldBe("""{"count":0}""");
    }

    [Fact]
    public async Task Keys_around_the_reserved_range_are_ordinary_keys()
    {
        foreach (string key in Around)
        {
            (await subject.PutAsync($"/v1/kv/{key}?keyEncoding=hex", key)).Status.ShouldBe(204);
            (await subject.GetAsync($"/v1/kv/{key}?keyEncoding=hex")).Text.ShouldBe(key);
        }

        await ShouldShowOnlyAsync(subject, Around);
    }

    private static async Task ShouldShowOnlyAsync(HttpSubject subject, string[] keys)
    {
        string forward = string.Join(' ', keys);
        string backward = string.Join(' ', keys.Reverse());
        (await subject.GetAsync("/v1/entries?keyEncoding=hex")).Keys.ShouldBe(forward);
        (await subject.GetAsync("/v1/entries?keyEncoding=hex&reverse=true")).Keys.ShouldBe(backward);
        (await subject.GetAsync("/v1/count")).Text.ShouldBe($$"""{"count":{{keys.Length}}}""");
        (await subject.GetAsync($"/v1/entries?keyEncoding=hex&gt={First}&limit=1")).Keys.ShouldBe("ffff7261766501");
        (await subject.GetAsync($"/v1/entries?keyEncoding=hex&lt=ffff7261766501&limit=1&reverse=true")).Keys.ShouldBe("ffff72617665");
        (await subject.GetAsync($"/v1/entries?keyEncoding=hex&lte={Within}&limit=1&reverse=true")).Keys.ShouldBe("ffff72617665");
        foreach (bool reverse in (bool[])[false, true])
        {
            List<string> seen = [];
            string? target = $"/v1/entries?keyEncoding=hex&pageSize=1&reverse={(reverse ? "true" : "false")}";
            while (target is not null)
            {
                Answer page = await subject.GetAsync(target);
                seen.Add(page.Keys);
                target = page.Continuation is { } token ? $"/v1/entries?keyEncoding=hex&pageSize=1&continuation={token}" : null;
            }

            string.Join(' ', seen).ShouldBe(reverse ? backward : forward);
        }
    }

    // As another program does that opens the database itself.
    private static void Write(string location, string[] keys)
    {
        Directory.CreateDirectory(location);
        using LevelDatabase database = LevelDatabase.Open(location, new(), create: true);
        foreach (string key in keys)
        {
            // A record begins with its format.
            database.Put(Convert.FromHexString(key), [1], sync: false);
        }
    }
}
