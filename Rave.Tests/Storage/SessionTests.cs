using Rave.Client;
using Rave.Server.Engine;
using Rave.Server.Protocol;
using Rave.Tests.Harness;

namespace Rave.Tests.Storage;

// Writes of a session, among others that wait and are merged, and after the store is opened again.
public sealed class SessionTests : IDisposable
{
    private const string Session = "0123456789abcdef";
    private static readonly byte[] Key = [1];
    private static readonly byte[] Slow = new byte[100_000];

    private readonly TempDirectory _directory = new();
    private readonly FakeTime _time = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Two_waiting_attempts_with_the_same_number_are_applied_once()
    {
        await using LevelStore store = Open();
        for (byte round = 1; round < 50; round++)
        {
            byte[] value = [round];
            SessionWrite[] attempts = [Write(round, "first"), Write(round, "second"), Write(round, "third")];
            Task[] writes =
            [
                store.PutAsync(new byte[] { 2 }, Slow, sync: true).AsTask(),
                store.PutAsync(Key, value, sync: false, attempts[0]).AsTask(),
                store.PutAsync(Key, new byte[] { 200 }, sync: false).AsTask(),
                store.PutAsync(Key, value, sync: false, attempts[1]).AsTask(),
                store.PutAsync(Key, value, sync: true, attempts[2], Precondition.Missing).AsTask(),
            ];
            await Task.WhenAll(writes);
            store.Get(Key).ShouldBe([200]);
            attempts.ShouldAllBe(attempt => attempt.ETag == "first");
        }
    }

    [Fact]
    public async Task Of_two_writes_of_a_session_in_flight_the_lower_is_applied_before_the_higher_or_not_at_all()
    {
        await using LevelStore store = Open();
        Task slow = store.PutAsync(new byte[] { 2 }, Slow, sync: true).AsTask();
        Task higher = store.PutAsync(Key, new byte[] { 2 }, sync: false, Write(2)).AsTask();
        Task lower = store.PutAsync(Key, new byte[] { 1 }, sync: false, Write(1)).AsTask();
        await slow;
        await higher;
        (await Should.ThrowAsync<RaveException>(lower)).Code.ShouldBe(ErrorCodes.StaleRetry);
        store.Get(Key).ShouldBe([2]);
    }

    [Fact]
    public async Task A_refused_compare_and_set_is_not_applied_when_its_first_attempt_arrives_late()
    {
        await using LevelStore store = Open();
        await store.PutAsync(Key, new byte[] { 1 }, sync: false);
        Precondition isTwo = new(Wanted: true, [ETag.Of([2])]);
        (await Should.ThrowAsync<RaveException>(store.PutAsync(Key, new byte[] { 3 }, sync: false, Write(1), isTwo).AsTask())).Code
            .ShouldBe(ErrorCodes.PreconditionFailed);
        await store.PutAsync(Key, new byte[] { 2 }, sync: false);
        (await Should.ThrowAsync<RaveException>(store.PutAsync(Key, new byte[] { 3 }, sync: false, Write(1), isTwo).AsTask())).Code
            .ShouldBe(ErrorCodes.PreconditionFailed);
        store.Get(Key).ShouldBe([2]);
        await store.PutAsync(Key, new byte[] { 3 }, sync: false, Write(2), isTwo);
        store.Get(Key).ShouldBe([3]);
    }

    [Fact]
    public async Task A_session_is_known_when_the_store_is_opened_again()
    {
        await using (LevelStore first = Open())
        {
            await first.PutAsync(Key, new byte[] { 1 }, sync: false, Write(7, "\"etag\""));
        }

        await using LevelStore second = Open();
        SessionWrite again = Write(7);
        await second.PutAsync(Key, new byte[] { 2 }, sync: false, again);
        again.ETag.ShouldBe("\"etag\"");
        again.Verdict.ShouldBe(SessionVerdict.AppliedBefore);
        second.Get(Key).ShouldBe([1]);
        await Should.ThrowAsync<RaveException>(second.DeleteAsync(Key, sync: false, Write(6)).AsTask());
    }

    [Fact]
    public async Task Sessions_above_the_limit_are_refused_and_the_others_continue()
    {
        await using LevelStore store = Open(sessions: 2);
        await store.PutAsync(Key, Key, sync: false, new SessionWrite(new("session-session-1", 1)));
        await store.PutAsync(Key, Key, sync: false, new SessionWrite(new("session-session-2", 1)));
        (await Should.ThrowAsync<RaveException>(store.PutAsync(Key, Key, sync: false, Write(1)).AsTask())).Code
            .ShouldBe(ErrorCodes.TooMany);
        await store.PutAsync(Key, Key, sync: false, new SessionWrite(new("session-session-2", 2)));
        await store.EndSessionAsync("session-session-1", CancellationToken.None);
        await store.PutAsync(Key, Key, sync: false, Write(1));
        store.SessionCount.ShouldBe(2);
    }

    [Fact]
    public async Task A_session_that_was_unused_for_a_day_is_removed()
    {
        await using (LevelStore store = Open())
        {
            await store.PutAsync(Key, Key, sync: false, Write(1));
            await store.PutAsync(Key, Key, sync: false, new SessionWrite(new("session-in-use-00", 1)));
            _time.Advance(TimeSpan.FromHours(23.5));
            store.SessionCount.ShouldBe(2);
            await store.PutAsync(Key, Key, sync: false, new SessionWrite(new("session-in-use-00", 1)));
            _time.Advance(TimeSpan.FromHours(1));
            store.SessionCount.ShouldBe(1);
        }

        await using LevelStore next = Open();
        next.SessionCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_leader_that_has_not_led_for_an_hour_sweeps_nothing()
    {
        await using (LevelStore store = Open())
        {
            await store.PutAsync(Key, Key, sync: false, Write(1));
        }

        _time.Advance(TimeSpan.FromDays(3));
        await using LevelStore next = Open();
        _time.Advance(TimeSpan.FromMinutes(59));
        // The session is used again in time.
        SessionWrite again = Write(1);
        await next.PutAsync(Key, Key, sync: false, again);
        again.Verdict.ShouldBe(SessionVerdict.AppliedBefore);
        _time.Advance(TimeSpan.FromHours(23));
        next.SessionCount.ShouldBe(1);
        _time.Advance(TimeSpan.FromHours(2));
        next.SessionCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_write_that_failed_to_be_written_is_not_remembered()
    {
        LevelStore store = Open();
        Task slow = store.PutAsync(new byte[] { 2 }, Slow, sync: true).AsTask();
        Task[] waiting = [.. Enumerable.Range(0, 100).Select(i => store.PutAsync(Key, new byte[] { 1 }, sync: true, Write(i)).AsTask())];
        await store.DisposeAsync().AsTask().Soon();
        await Task.WhenAll([slow, .. waiting]).ContinueWith(_ => { }, TaskScheduler.Default);
        int applied = waiting.Count(write => write.IsCompletedSuccessfully);

        await using LevelStore next = Open();
        SessionWrite retry = Write(applied);
        await next.PutAsync(Key, new byte[] { 2 }, sync: false, retry);
        retry.Verdict.ShouldBe(SessionVerdict.Apply);
        next.Get(Key).ShouldBe([2]);
    }

    private static SessionWrite Write(long number, string? etag = null) => new(new(Session, number)) { ETag = etag };

    private LevelStore Open(int sessions = 100) =>
        LevelStore.Open(_directory.Path, new(), create: true, new Limits { Sessions = sessions }, _time);
}
