using Rave.Tests.Etcd;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

public abstract class ChangeEventTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : ChangeEventTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : ChangeEventTests(gateway), IClassFixture<SharedGateway>
    {
        [Differs(Differences.Nothing)]
        public override async Task Put_del_and_clear_come_with_one_sequence_for_each_batch_and_the_last_is_marked()
        {
            await using EventStream feed = await EventStream.OpenAsync(gateway.SocketPath, "/v1/changes?prefix=cf/told/");
            await gateway.AskJsonAsync("POST /v1/batch", """[{"type":"put","key":"cf/told/a","value":"1"},"""
                + """{"type":"put","key":"cf/told/b","value":"2"},{"type":"del","key":"cf/told/c"}]""");
            await gateway.AskAsync("DELETE /v1/entries?prefix=cf/told/");
            gateway.Told(await feed.TakeAsync(4)).ShouldBe(
            [
                """1.0 put {"key":"cf/told/a","value":"1"}""",
                """1.1 put {"key":"cf/told/b","value":"2","last":true}""",
                """2.0 del {"key":"cf/told/a"}""",
                """2.1 del {"key":"cf/told/b","last":true}""",
            ]);
        }
    }

    [Fact]
    public async Task Headers_and_the_greeting_are_sent_at_once()
    {
        // Opening reads both, before anything was written.
        await using EventStream feed = await EventStream.OpenAsync(subject.SocketPath, "/v1/changes?prefix=cf/none");
        feed.Response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
    }

    [Fact]
    public virtual async Task Put_del_and_clear_come_with_one_sequence_for_each_batch_and_the_last_is_marked()
    {
        await using EventStream feed = await EventStream.OpenAsync(subject.SocketPath, "/v1/changes?prefix=cf/told/");
        await subject.AskJsonAsync("POST /v1/batch", """[{"type":"put","key":"cf/told/a","value":"1"},"""
            + """{"type":"put","key":"cf/told/b","value":"2"},{"type":"del","key":"cf/told/c"}]""");
        await subject.AskAsync("DELETE /v1/entries?prefix=cf/told/");
        List<ServerEvent> events = await feed.TakeAsync(4);
        events.ConvertAll(next => $"{next.Type} {next.Data}").ShouldBe(
        [
            """put {"key":"cf/told/a","value":"1"}""",
            """put {"key":"cf/told/b","value":"2"}""",
            """del {"key":"cf/told/c","last":true}""",
            """clear {"from":"cf/told/a","to":"cf/told/b","last":true}""",
        ]);
        string[] parts = events[0].Id.Split('-', '.');
        parts.Length.ShouldBe(3, "<epoch>-<sequence>.<i>");
        events.ConvertAll(next => next.Id).Take(3)
            .ShouldBe([$"{parts[0]}-{parts[1]}.0", $"{parts[0]}-{parts[1]}.1", $"{parts[0]}-{parts[1]}.2"]);
    }

    [Fact]
    public async Task A_clear_with_a_snapshot_is_reported_as_dels()
    {
        await subject.FillAsync("cf/snap/a");
        string id = (await subject.AskAsync("POST /v1/snapshots")).Json.GetProperty("id").GetString()!;
        await using EventStream feed = await EventStream.OpenAsync(subject.SocketPath, "/v1/changes?prefix=cf/snap/");
        await subject.AskAsync($"DELETE /v1/entries?prefix=cf/snap/&snapshot={id}");
        ServerEvent del = (await feed.NextAsync())!;
        $"{del.Type} {del.Data}".ShouldBe("""del {"key":"cf/snap/a","last":true}""");
    }

    [Fact]
    public async Task Values_false_and_encodings_apply()
    {
        await using EventStream feed =
            await EventStream.OpenAsync(subject.SocketPath, "/v1/changes?prefix=63662f656e63&keyEncoding=hex&values=false");
        await subject.FillAsync("cf/enc");
        (await feed.NextAsync())!.Data.ShouldBe("""{"key":"63662f656e63","last":true}""");
    }

    [Fact]
    public async Task Reconnecting_with_last_event_id_continues_without_loss()
    {
        string? seen;
        await using (EventStream feed = await EventStream.OpenAsync(subject.SocketPath, "/v1/changes?prefix=cf/again/"))
        {
            await subject.FillAsync("cf/again/1");
            seen = (await feed.NextAsync())!.Id;
        }

        await subject.FillAsync("cf/again/2");
        await subject.FillAsync("cf/again/3");
        await using EventStream again = await EventStream.OpenAsync(subject.SocketPath, "/v1/changes?prefix=cf/again/&values=false", seen);
        (await again.TakeAsync(2)).ConvertAll(next => next.Data)
            .ShouldBe(["""{"key":"cf/again/2","last":true}""", """{"key":"cf/again/3","last":true}"""]);
    }

    [Fact]
    public async Task A_client_that_is_disconnected_before_the_first_event_can_resume()
    {
        string place;
        await using (EventStream feed = await EventStream.OpenAsync(subject.SocketPath, "/v1/changes?prefix=cf/cut/"))
        {
            place = feed.Response.Headers.GetValues("Last-Event-ID").Single();
            feed.LastEventId.ShouldBeNull("the greeting is only a comment");
        }

        await subject.FillAsync("cf/cut/1");
        await using EventStream again = await EventStream.OpenAsync(subject.SocketPath, "/v1/changes?prefix=cf/cut/", place);
        again.Response.Headers.GetValues("Last-Event-ID").Single().ShouldBe(place);
        (await again.NextAsync())!.Data.ShouldBe("""{"key":"cf/cut/1","value":"cf/cut/1","last":true}""");
    }

    [Theory]
    [InlineData("1-1.0")]
    [InlineData("of another service")]
    public async Task Without_a_known_place_the_first_event_is_a_gap(string id)
    {
        await using EventStream feed = await EventStream.OpenAsync(subject.SocketPath, "/v1/changes?prefix=cf/gap/", id);
        (await feed.NextAsync())!.Type.ShouldBe("gap");
        feed.Response.Headers.Contains("Last-Event-ID").ShouldBeFalse("the gap has one");
    }
}
