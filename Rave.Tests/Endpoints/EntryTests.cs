using System.Net;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

public sealed class EntryTests
{
    [Fact]
    public async Task A_value_that_was_put_is_got()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        (await leader.PutAsync("/v1/kv/hello", "world")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await leader.Http.GetStringAsync("/v1/kv/hello")).ShouldBe("world");
    }
}
