using System.Net;

namespace Rave.Tests.Reliability;

// The check that compares databases with acknowledged writes finds every fault.
public sealed class DiskLoadTests
{
    [Fact]
    public async Task Lost_torn_reverted_and_invented_values_are_found()
    {
        DiskLoad load = new(1, (writer, number) => new(writer, number, length: 10, batch: number == 1));
        using HttpClient http = new(new Acknowledging()) { BaseAddress = new("http://rave") };
        await load.WriteAsync(http, write => write.Number < 2);
        SentWrite put = load.Writes.First();
        SentWrite batch = load.Writes.Last();
        Dictionary<string, string> whole = new()
        {
            [put.Keys[0]] = put.Value, [batch.Keys[0]] = batch.Value, [batch.Keys[1]] = batch.Value,
            [SentWrite.LastBatchOf(0)] = batch.Name,
        };

        load.Faults(whole, _ => true).ShouldBeEmpty();
        load.Faults(Without(whole, put.Keys[0]), _ => false).ShouldBe(["w0-00000 is lost"], "it was there before");
        load.Faults(whole, _ => false).ShouldBe(["w0-00000 came back"]);
        load.Faults(Without(whole, batch.Keys[1]), _ => false)
            .ShouldBe(["w0-00001 (batch) is torn", "the last batch of writer 0 is none, and its key says w0-00001"]);
        load.Faults(new(whole) { [put.Keys[0]] = "another" }, _ => false).ShouldContain("w0-00000 has another value");
        load.Faults(new(whole) { ["other"] = "1" }, _ => false).ShouldContain("other was never written");
        load.Faults(new(whole) { [SentWrite.LastBatchOf(0)] = "w0-00000" }, _ => false)
            .ShouldContain("the last batch of writer 0 is w0-00001, and its key says w0-00000");
    }

    private static Dictionary<string, string> Without(Dictionary<string, string> whole, string key) =>
        new(whole.Where(entry => entry.Key != key));

    private sealed class Acknowledging : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent));
    }
}
