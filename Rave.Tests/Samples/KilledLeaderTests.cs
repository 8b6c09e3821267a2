using System.Diagnostics;
using Rave.Client;
using Rave.Tests.Harness;
using Samples;

namespace Rave.Tests.Samples;

// The samples and the telemetry while a leader is really killed. It is one test, because a process costs more than all of the rest.
public sealed class KilledLeaderTests
{
    [Fact]
    public async Task Jobs_are_done_once_the_view_follows_and_traces_and_metrics_report_it()
    {
        using TempDirectory directory = new();
        await using ChildProcess leader = ChildProcess.StartPeer(directory["db"]);
        await leader.ExpectAsync("leader");
        await using RaveLevel db = await RaveLevel.OpenAsync(directory["db"]);
        await using WatchedView view = new(db.Sublevel("jobs"));
        await view.ExpectAsync("job1=taken by Ada job2=waiting", async () =>
        {
            await JobQueue.AddAsync(db, "job1");
            await JobQueue.AddAsync(db, "job2");
            (await JobQueue.TakeAsync(db, "Ada")).ShouldBe("job1");
        });

        using HeardSpans spans = new(db.Location);
        using HeardFigures figures = new(db.Location);

        // It has the requests in its socket, and will never answer them.
        await leader.SuspendAsync();
        Task<bool> done = JobQueue.DoneAsync(db, "Ada", "job1").AsTask();
        Task<string?> taken = JobQueue.TakeAsync(db, "Grace");
        await view.ExpectAsync("job2=taken by Grace", leader.KillAsync);
        (await done.Soon()).ShouldBeTrue("what became of the first attempt is known");
        (await taken.Soon()).ShouldBe("job2");
        (await JobQueue.TakeAsync(db, "Joan")).ShouldBeNull();
        await figures.Failover.Soon();

        Activity retried = spans.All.Single(span => span.OperationName == "rave.batch" && span.GetTagItem("rave.leaders.lost") is not null);
        retried.GetTagItem("rave.leaders.lost").ShouldBe(1);
        retried.Status.ShouldBe(ActivityStatusCode.Unset);
        ActivityEvent lost = retried.Events.Single();
        lost.Name.ShouldBe("rave.leader.lost");
        lost.Tags.ShouldContain(new KeyValuePair<string, object?>("rave.leader.pid", leader.Id));

        // The other batch took job2, of the leader that this process had become.
        spans.All.Where(span => span.OperationName == "rave.batch").Select(span => span.GetTagItem("rave.leads"))
            .ShouldBe([false, true], ignoreOrder: true);
        figures.Of("db.client.operation.duration").Count(figure => Equals(figure.Tags["db.operation.name"], "batch")).ShouldBe(2);
        figures.Of("rave.client.failovers").ShouldHaveSingleItem().Tags["rave.leads"].ShouldBe(true);
        figures.Of("rave.client.requests.lost").Length.ShouldBeInRange(1, 2, "the page of the queue may not have been sent yet");
    }
}
