using Rave.Client;
using Rave.Tests.Client;
using Rave.Tests.Harness;
using Samples;

namespace Rave.Tests.Samples;

// The C# of docs/samples, which is compiled into these tests.
public sealed class CodeSampleTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_job_is_done_by_one_of_many_workers(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        await using RaveLevel other = await RaveLevel.OpenAsync(shared.Db.Location);
        string[] jobs = [.. Enumerable.Range(0, 20).Select(i => $"job{i:00}")];
        foreach (string job in jobs)
        {
            (await JobQueue.AddAsync(shared.Db, job)).ShouldBeTrue();
        }

        (await JobQueue.AddAsync(other, "job00")).ShouldBeFalse();
        string[][] taken = await Task.WhenAll(WorkAsync(shared.Db, "Ada"), WorkAsync(other, "Grace"), WorkAsync(other, "Joan"));
        taken.SelectMany(own => own).Order().ShouldBe(jobs);
        (await JobQueue.DoneAsync(other, "nobody", "job00")).ShouldBeFalse();
        (await shared.Db.CountAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_index_finds_users_by_their_current_name(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        using NameIndex index = new(shared.Db);
        await index.Users.PutAsync(1, "Ada");
        await shared.Db.Batch().Put(index.Users, 2, "Grace").WriteAsync();
        (await index.FindAsync("Grace")).ShouldBe(2);
        await index.Users.PutAsync(2, "Joan");
        (await index.FindAsync("Grace")).ShouldBeNull();
        (await index.FindAsync("Joan")).ShouldBe(2);
        (await index.FindAsync("nobody")).ShouldBeNull();
    }

    [Fact]
    public async Task The_view_follows_all_handles_across_a_failover()
    {
        using TempDirectory directory = new();
        RaveLevel leader = await RaveLevel.OpenAsync(directory["db"]);
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"]);
        await leader.BatchAsync([BatchOperation.Put("a", "1"), BatchOperation.Put("b", "2")]);
        await using WatchedView view = new(follower);
        await view.ExpectAsync("a=1 b=2", () => Task.CompletedTask);
        await view.ExpectAsync("b=2 c=3", () => leader.Batch().Put("c", "3").Delete("a").WriteAsync().AsTask());
        await leader.CloseAsync();
        await view.ExpectAsync("b=2 c=3 d=4", () => follower.PutAsync("d", "4").AsTask());
        await view.ExpectAsync("", () => follower.ClearAsync().AsTask());
    }

    private static async Task<string[]> WorkAsync(RaveLevel db, string worker)
    {
        List<string> taken = [];
        while (await JobQueue.TakeAsync(db, worker) is { } job)
        {
            taken.Add(job);
            (await JobQueue.DoneAsync(db, worker, job)).ShouldBeTrue();
        }

        return [.. taken];
    }
}
