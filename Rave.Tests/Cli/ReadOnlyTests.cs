using Rave.Client;
using Rave.Tests.Endpoints;
using Rave.Tests.Harness;

namespace Rave.Tests.Cli;

public sealed class ReadOnlyTests
{
    [Fact]
    public async Task A_leader_that_is_read_only_serves_reads_and_refuses_every_write()
    {
        using TempDirectory directory = new();
        await using (RaveLevel before = await RaveLevel.OpenAsync(directory["db"]))
        {
            await before.PutAsync("hello", "world");
        }

        await using LiveLeader leader = await LiveLeader.StartAtAsync(directory["db"], "--read-only");
        (await leader.Http.GetStringAsync("/v1/kv/hello")).ShouldBe("world");
        (await leader.GetJsonAsync("/v1/count")).GetProperty("count").GetInt64().ShouldBe(1);
        (await leader.PostJsonAsync("/v1/get-many", """{"keys":["hello"]}""")).EnsureSuccessStatusCode();
        (await leader.Http.PostAsync("/v1/snapshots", new ByteArrayContent([]))).EnsureSuccessStatusCode();
        (await leader.Http.GetStringAsync("/healthz")).ShouldBe("ok", "it is healthy, because it must only read");
        (await leader.GetJsonAsync("/v1/status")).GetProperty("readOnly").GetBoolean().ShouldBeTrue();

        await ShouldRefuseAsync(leader, HttpMethod.Put, "/v1/kv/hello", "text/plain", "other");
        await ShouldRefuseAsync(leader, HttpMethod.Delete, "/v1/kv/hello", "text/plain", "");
        await ShouldRefuseAsync(leader, HttpMethod.Post, "/v1/batch", "application/json", """[{"type":"del","key":"hello"}]""");
        await ShouldRefuseAsync(leader, HttpMethod.Post, "/v1/entries", "application/x-ndjson", """{"key":"a","value":"1"}""");
        await ShouldRefuseAsync(leader, HttpMethod.Delete, "/v1/entries?all=true", "text/plain", "");
        await ShouldRefuseAsync(leader, HttpMethod.Delete, "/v1/sessions/0123456789abcdef", "text/plain", "");
        await ShouldRefuseAsync(leader, HttpMethod.Post, "/v1/compact", "text/plain", "");

        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"]);
        (await follower.GetAsync("hello")).ShouldBe("world");
        Task[] writes = [.. Enumerable.Range(0, 20).Select(i => follower.PutAsync($"{i}", "").AsTask()), follower.ClearAsync().AsTask()];
        foreach (Task write in writes)
        {
            RaveException refusal = await write.ShouldThrowAsync<RaveException>();
            refusal.Code.ShouldBe("LEVEL_READONLY");
            refusal.MayHaveBeenApplied.ShouldBeFalse();
        }

        string.Concat(await follower.Keys().ToArrayAsync()).ShouldBe("hello");
        await leader.Process.KillAsync();
        await follower.PutAsync("hello", "again");
        follower.IsLeader.ShouldBeTrue("a handle without read-only writes when it leads");
    }

    private static async Task ShouldRefuseAsync(LiveLeader leader, HttpMethod method, string target, string mediaType, string body)
    {
        using HttpRequestMessage request =
            new(method, target) { Content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue(mediaType)) };
        using HttpResponseMessage response = await leader.Http.SendAsync(request);
        (await Answer.ReadAsync(response)).ShouldBeProblem(403, "LEVEL_READONLY");
    }
}
