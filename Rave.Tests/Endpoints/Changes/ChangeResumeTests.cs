using Rave.Server.Election;
using Rave.Server.Endpoints;
using Rave.Server.Location;
using Rave.Tests.Harness;
using Rave.Tests.Storage;

namespace Rave.Tests.Endpoints;

// Last-Event-ID: the feed continues without loss, or reports a gap.
public abstract class ChangeResumeTests(HttpSubject subject) : IAsyncLifetime
{
    public sealed class OnLevelDb() : ChangeResumeTests(new SharedLeader())
    {
        [Fact]
        public async Task Another_leader_begins_with_a_gap_and_continues_from_there()
        {
            using TempDirectory directory = new();
            string id;
            await using (LiveLeader first = await LiveLeader.StartAtAsync(directory["db"]))
            {
                await using EventStream feed = await EventStream.OpenAsync(first.SocketPath, Changes);
                await first.PutAsync("/v1/kv/a", "1");
                id = (await feed.NextAsync())!.Id;
                await first.Process.KillAsync();
                await Should.ThrowAsync<IOException>(feed.NextAsync());
            }

            await using SharedLeader second = await SharedLeader.OfAsync(directory["db"]);
            await using EventStream again = await EventStream.OpenAsync(second.SocketPath, Changes, id);
            ServerEvent gap = (await again.NextAsync())!;
            gap.Type.ShouldBe("gap");
            gap.Data.ShouldBe("{}");
            await second.FillAsync("b");
            (await again.NextAsync())!.Data.ShouldContain("\"b\"");
            // A gap is reported only once.
            await using EventStream third = await EventStream.OpenAsync(second.SocketPath, Changes, gap.Id);
            (await third.NextAsync())!.Data.ShouldContain("\"b\"");
        }

        [Fact]
        public async Task A_dropped_or_unknown_place_is_a_gap()
        {
            await using SharedLeader leader = new();
            await leader.InitializeAsync();
                await using EventStream feed = await EventStream.OpenAsync(leader.SocketPath, Changes + "?values=false");
            await leader.DeleteAsync("/v1/kv/large");
            string start = (await feed.NextAsync())!.Id;
            for (int i = 0; i < 20; i++)
            {
                await leader.PutAsync("/v1/kv/large", new byte[1 << 20]);
            }

            string[] ids = [start, start.Replace("-1.0", "-2.0", StringComparison.Ordinal),
                start.Replace("-1.0", "-22.0", StringComparison.Ordinal)];
            foreach (string id in ids)
            {
                await using EventStream again = await EventStream.OpenAsync(leader.SocketPath, Changes, id);
                (await again.NextAsync())!.Type.ShouldBe("gap", id);
                again.LastEventId.ShouldBe(start.Replace("-1.0", "-21.0", StringComparison.Ordinal));
            }
        }

        [Fact]
        public async Task A_quiet_feed_has_a_comment_every_ten_seconds()
        {
            using TempDirectory directory = new();
            FakeTime time = new();
            await using Leader leader =
                await Embedded.LeadAsync(DatabaseLocation.Resolve(directory["db"], create: true), new() { Time = time });
            await using EventStream feed = await EventStream.OpenAsync(Path.Combine(directory["db"], "rave.sock"), Changes);
            for (int i = 0; i < 3; i++)
            {
                time.Advance(ChangeEndpoints.Heartbeat);
                (await feed.CommentAsync()).ShouldBe("alive");
            }
        }

        [Fact]
        public async Task A_comment_moves_the_place_past_changes_outside_the_range()
        {
            using TempDirectory directory = new();
            FakeTime time = new();
            await using Leader leader =
                await Embedded.LeadAsync(DatabaseLocation.Resolve(directory["db"], create: true), new() { Time = time });
            await using EventStream feed = await EventStream.OpenAsync(Path.Combine(directory["db"], "rave.sock"), Changes + "?prefix=x");
            await leader.Store.PutAsync("a"u8.ToArray(), default, sync: false);
            time.Advance(ChangeEndpoints.Heartbeat);
            await feed.CommentAsync();
            feed.LastEventId.ShouldEndWith("-1.0");
        }

        [Fact]
        public async Task The_feed_ends_with_its_leader()
        {
            await using LiveLeader leader = await LiveLeader.StartAsync();
            await using EventStream feed = await EventStream.OpenAsync(leader.SocketPath, Changes);
            leader.Process.Signal(ChildProcess.Terminate);
            (await feed.NextAsync()).ShouldBeNull();
            (await leader.Process.WaitForExitAsync()).ShouldBe(0);
            (await leader.Process.Errors).ShouldBeEmpty();
        }
    }

    public sealed class OnEtcd() : ChangeResumeTests(new SharedGateway());

    private const string Changes = "/v1/changes";

    public ValueTask InitializeAsync() => subject.InitializeAsync();

    public ValueTask DisposeAsync() => subject.DisposeAsync();

    [Fact]
    public async Task A_dropped_connection_resumes_without_loss_also_inside_a_batch()
    {
        List<ServerEvent> read;
        await using (EventStream feed = await EventStream.OpenAsync(subject.SocketPath, Changes))
        {
            await subject.FillAsync("a", "b", "c");
            read = await feed.TakeAsync(2);
        }

        await subject.FillAsync("d");
        await subject.DeleteAsync("/v1/kv/a");
        await using EventStream again = await EventStream.OpenAsync(subject.SocketPath, Changes, read[1].Id);
        subject.Told([.. read, .. await again.TakeAsync(3)]).ShouldBe(
        [
            """1.0 put {"key":"a","value":"a"}""",
            """1.1 put {"key":"b","value":"b"}""",
            """1.2 put {"key":"c","value":"c","last":true}""",
            """2.0 put {"key":"d","value":"d","last":true}""",
            """3.0 del {"key":"a","last":true}""",
        ]);
    }

    [Fact]
    public async Task A_place_after_all_changes_continues_from_now()
    {
        await using EventStream feed = await EventStream.OpenAsync(subject.SocketPath, Changes);
        await subject.FillAsync("a", "b");
        List<ServerEvent> read = await feed.TakeAsync(2);
        await using EventStream again = await EventStream.OpenAsync(subject.SocketPath, Changes, read[1].Id);
        await subject.FillAsync("c");
        subject.Told([.. read, .. await again.TakeAsync(1)]).Last().ShouldBe("""2.0 put {"key":"c","value":"c","last":true}""");
    }

    [Fact]
    public async Task An_id_of_another_feed_is_a_gap()
    {
        foreach (string id in (string[])["garbage", "", "1", "1-1", "1.1-1", "1-1.", "-1.1", "1-.1", "1-1.1.1", "1--1.1", "+1-1.1",
            "1-1.2147483648", "99999999999999999999-1.1"])
        {
            await using EventStream feed = await EventStream.OpenAsync(subject.SocketPath, Changes, id);
            (await feed.NextAsync())!.Type.ShouldBe("gap", id);
        }
    }
}
