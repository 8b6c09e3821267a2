using Rave.Tests.Etcd;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

public abstract partial class ChangeTests
{
    public sealed class OnEtcd() : ChangeTests(new SharedGateway())
    {
        [Differs(Differences.Id)]
        public override async Task Puts_dels_and_clears_come_in_order_with_an_id_each()
        {
            await Subject.FillAsync("before");
            await using EventStream feed = await OpenAsync();
            await Subject.PutAsync("/v1/kv/a", "1");
            await Subject.DeleteAsync("/v1/kv/none");
            await Subject.PostJsonAsync("/v1/batch", """[{"type":"put","key":"b","value":"2"},{"type":"del","key":"a"}]""");
            List<ServerEvent> events = await feed.TakeAsync(3);
            Subject.Told(events).ShouldBe(
            [
                """1.0 put {"key":"a","value":"1","last":true}""",
                """2.0 put {"key":"b","value":"2"}""",
                """2.1 del {"key":"a","last":true}""",
            ]);
            events[0].Place.ShouldEndWith(".2147483647");
        }

        [Differs(Differences.Clear)]
        public override async Task A_clear_in_reverse_with_a_limit_is_the_range_that_it_emptied()
        {
            await Subject.FillAsync("a", "b", "c", "d");
            await using EventStream feed = await OpenAsync();
            await Subject.DeleteAsync("/v1/entries?lt=d&reverse=true&limit=2");
            Subject.Told(await feed.TakeAsync(2)).ShouldBe(["""1.0 del {"key":"b"}""", """1.1 del {"key":"c","last":true}"""]);
        }

        [Differs(Differences.Clear)]
        public override async Task An_empty_clear_is_not_reported_and_a_long_one_is_reported_in_chunks()
        {
            await Subject.FillAsync(Enumerable.Range(0, 2_001).Select(i => $"{i:d5}"));
            await using EventStream feed = await OpenAsync("values=false");
            await Subject.DeleteAsync("/v1/entries?prefix=x");
            await Subject.DeleteAsync("/v1/entries?all=true");
            List<string> told = [.. Subject.Told(await feed.TakeAsync(2_001))];
            told[0].ShouldBe("""1.0 del {"key":"00000"}""");
            told[999].ShouldBe("""1.999 del {"key":"00999","last":true}""");
            told[^1].ShouldBe("""3.0 del {"key":"02000","last":true}""");
        }

        [Differs(Differences.Clear)]
        public override async Task A_clear_is_reported_with_its_part_of_the_range()
        {
            await Subject.FillAsync("a", "b", "b1", "c");
            await using EventStream within = await OpenAsync("gt=a&lt=c");
            await Subject.DeleteAsync("/v1/entries?all=true");
            (await within.TakeAsync(2)).ConvertAll(next => $"{next.Type} {next.Data}")
                .ShouldBe(["""del {"key":"b"}""", """del {"key":"b1","last":true}"""]);
        }

        [Differs(Differences.Id)]
        public override async Task A_change_that_does_not_fit_the_encoding_cuts_the_stream_and_is_named_when_the_client_returns()
        {
            await using EventStream feed = await OpenAsync();
            await Subject.PutAsync("/v1/kv/a", "1");
            await Subject.PutAsync("/v1/kv/b", [0xff]);
            (await feed.NextAsync())!.Data.ShouldContain("\"a\"");
            await Should.ThrowAsync<IOException>(feed.NextAsync());
            (await ReturnAsync(feed.LastEventId!)).ShouldBeProblem(422, "LEVEL_DECODE_ERROR").ShouldContain("62 (hex)");
            await using EventStream again = await OpenAsync("valueEncoding=base64", feed.LastEventId);
            (await again.NextAsync())!.Data.ShouldBe("""{"key":"b","value":"/w==","last":true}""");
        }
    }

    private HttpSubject Subject => subject;

    // On a busy machine, the change comes from the cluster when the stream has begun already.
    private async Task<Answer> ReturnAsync(string id)
    {
        while (true)
        {
            try
            {
                return await subject.GetAsync("/v1/changes", ("Last-Event-ID", id));
            }
            catch (HttpRequestException)
            {
                // Cut. The client returns again.
            }
        }
    }
}
