using System.Text;
using Rave.Client;
using Rave.Server.Election;
using Rave.Server.Location;
using Rave.Tests.Harness;
using Rave.Tests.Storage;

namespace Rave.Tests.Leadership;

// Campaigns inside one process: handles are independent, one of them leads, the others follow it like any process.
public sealed class CampaignTests
{
    private static readonly byte[] Key = Encoding.UTF8.GetBytes("hello");

    [Fact]
    public async Task Of_two_campaigns_in_one_process_one_leads_and_the_other_takes_over()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        Campaign first = Start(location);
        Reign own = await ReignAsync(first);
        own.IsOwn.ShouldBeTrue();
        await own.Own!.Store.PutAsync(Key, Key, sync: false);
        await using Campaign second = Start(location);
        (await ReignAsync(second)).IsOwn.ShouldBeFalse();
        TaskCompletionSource<Reign> takenOver = new();
        second.Began += takenOver.SetResult;

        await first.DisposeAsync();

        Reign next = await takenOver.Task.Soon();
        next.IsOwn.ShouldBeTrue();
        next.Info.Epoch.ShouldBeGreaterThan(own.Info.Epoch);
        next.Own!.Store.Get(Key).ShouldBe(Key);
    }

    [Fact]
    public async Task A_disposed_campaign_fails_current_and_later_waiters()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        Campaign campaign = new(location, new() { CanLead = false }, Embedded.OpenOrCreate);
        campaign.Start();
        Task<Reign> waiting = campaign.ReignAsync(TestContext.Current.CancellationToken).AsTask();

        await campaign.DisposeAsync();

        (await Should.ThrowAsync<RaveException>(waiting.Soon())).Code.ShouldBe(ErrorCodes.DatabaseNotOpen);
        (await Should.ThrowAsync<RaveException>(ReignAsync(campaign))).Code.ShouldBe(ErrorCodes.DatabaseNotOpen);
        await campaign.DisposeAsync();
    }

    [Fact]
    public async Task Disposing_while_the_leader_starts_releases_the_lock()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        for (int round = 0; round < 30; round++)
        {
            // At once; when the socket has its temporary name; when it has its public one.
            int sockets = round % 3;
            await using (Start(location))
            {
                SpinWait.SpinUntil(() => Directory.GetFiles(location.Directory, "rave.sock*").Length >= sockets, Waiting.Patience)
                    .ShouldBeTrue();
            }

            using DatabaseLock? free = DatabaseLock.TryAcquire(location);
            free.ShouldNotBeNull($"round {round}");
        }

        Directory.GetFiles(location.Directory, "rave.sock*").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_listener_that_throws_does_not_end_the_election()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        await using Campaign campaign = new(location, new(), Embedded.OpenOrCreate);
        campaign.Began += _ => throw new InvalidOperationException("a bug of the application's");
        campaign.Start();

        Reign reign = await ReignAsync(campaign);

        await reign.Own!.Store.PutAsync(Key, Key, sync: false);
        campaign.Current.ShouldBe(reign);
    }

    [Fact]
    public async Task A_leader_whose_directory_is_deleted_stops_leading_and_reports_why()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        TaskCompletionSource<RaveException> failed = new();
        await using Campaign campaign = new(location, new(), Embedded.OpenOrCreate);
        campaign.Failed += failure => failed.TrySetResult(failure);
        campaign.Start();
        await ReignAsync(campaign);

        Directory.Delete(location.Directory, recursive: true);

        RaveException failure = await failed.Task.Soon();
        failure.Code.ShouldBe(ErrorCodes.Corruption);
        failure.Message.ShouldContain("has vanished");
        campaign.Current.ShouldBeNull();
        Directory.Exists(location.Directory).ShouldBeFalse("a takeover never creates");
    }

    [Fact]
    public async Task A_takeover_without_a_usable_socket_fails_and_succeeds_later()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        await (await Embedded.LeadAsync(location)).DisposeAsync();
        TaskCompletionSource<RaveException> failed = new();
        // The record is written after the check of the socket's path, and before the socket is published there.
        WatchedTime time = new(() => Directory.CreateDirectory(location.SocketPath));
        await using Campaign campaign = new(location, new() { LeadsBeforeItServes = true, Time = time }, OpenMode.TakeOver);
        campaign.Failed += failure => failed.TrySetResult(failure);
        campaign.Start();

        (await failed.Task.Soon()).Message.ShouldContain("cannot be led");
        Directory.Delete(location.SocketPath);

        await Waiting.UntilAsync("it is served", () => File.Exists(location.SocketPath) && campaign.Current is { IsOwn: true });
        (await RawHttp.SendAsync(location.SocketPath, "GET", "/healthz")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_takeover_never_creates_a_database()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        Leader first = await Embedded.LeadAsync(location);
        await first.DisposeAsync();
        foreach (string file in Directory.GetFiles(location.Directory).Where(file => file != location.LockPath))
        {
            File.Delete(file);
        }

        RaveException failure = await Should.ThrowAsync<RaveException>(
            Leader.TryStartAsync(location, new(), OpenMode.TakeOver, TestContext.Current.CancellationToken));

        failure.Code.ShouldBe(ErrorCodes.Corruption);
        Directory.GetFiles(location.Directory).ShouldBe([location.LockPath]);
        using DatabaseLock? free = DatabaseLock.TryAcquire(location);
        free.ShouldNotBeNull();
    }

    [Fact]
    public async Task An_existing_database_is_refused_if_a_new_one_is_required()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        OpenMode mustBeNew = Embedded.OpenOrCreate with { MustBeNew = true };
        await using (Leader? leader = await Leader.TryStartAsync(location, new(), mustBeNew, TestContext.Current.CancellationToken))
        {
            leader.ShouldNotBeNull();
            (await FailureAsync(location, mustBeNew)).Code.ShouldBe(ErrorCodes.DatabaseNotOpen);
        }

        (await FailureAsync(location, mustBeNew)).Code.ShouldBe(ErrorCodes.DatabaseNotOpen);
    }

    [Fact]
    public async Task A_leader_can_be_disposed_twice_and_its_store_refuses_later_calls()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        Leader leader = await Embedded.LeadAsync(location);
        await Task.WhenAll(leader.DisposeAsync().AsTask(), leader.DisposeAsync().AsTask());
        await leader.DisposeAsync();
        leader.Ended.IsCompleted.ShouldBeTrue();
        Should.Throw<RaveException>(() => leader.Store.Get(Key)).Code.ShouldBe(ErrorCodes.DatabaseNotOpen);
        (await Should.ThrowAsync<RaveException>(leader.Store.PutAsync(Key, Key, sync: true).AsTask())).Code
            .ShouldBe(ErrorCodes.DatabaseNotOpen);
    }

    [Fact]
    public async Task Queued_writes_of_a_stopping_leader_are_applied_or_fail_and_none_hangs()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        Leader leader = await Embedded.LeadAsync(location);
        // One batch of a megabyte each, so that they do not all go in the first group.
        byte[] value = new byte[1 << 20];
        Task[] writes = [.. Enumerable.Range(0, 50)
            .Select(i => leader.Store.PutAsync(BitConverter.GetBytes(i), value, sync: true).AsTask())];

        await leader.DisposeAsync();

        await using Leader next = await Embedded.LeadAsync(location);
        for (int i = 0; i < writes.Length; i++)
        {
            writes[i].IsCompleted.ShouldBeTrue($"write {i}");
            if (writes[i].IsFaulted)
            {
                writes[i].Exception!.InnerException.ShouldBeOfType<RaveException>().Code.ShouldBe(ErrorCodes.DatabaseNotOpen);
            }

            next.Store.Has(BitConverter.GetBytes(i)).ShouldBe(writes[i].IsCompletedSuccessfully, $"write {i}");
        }
    }

    private static Campaign Start(DatabaseLocation location)
    {
        Campaign campaign = new(location, new(), Embedded.OpenOrCreate);
        campaign.Start();
        return campaign;
    }

    private static Task<Reign> ReignAsync(Campaign campaign) => campaign.ReignAsync(TestContext.Current.CancellationToken).AsTask().Soon();

    private static async Task<RaveException> FailureAsync(DatabaseLocation location, OpenMode mode)
    {
        await using Campaign campaign = new(location, new(), mode);
        TaskCompletionSource<RaveException> failed = new();
        campaign.Failed += failure => failed.TrySetResult(failure);
        campaign.Start();
        return await failed.Task.Soon();
    }

    // Reports when the time is first read.
    private sealed class WatchedTime(Action asked) : TimeProvider
    {
        private bool _told;

        public override DateTimeOffset GetUtcNow()
        {
            if (!_told)
            {
                _told = true;
                asked();
            }

            return base.GetUtcNow();
        }
    }
}
