using System.Globalization;
using System.Text;

namespace Rave.Tests.Endpoints;

// Check and write are one step: clients that race for a key never overwrite each other.
public abstract class CompareAndSetTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : CompareAndSetTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : CompareAndSetTests(gateway), IClassFixture<SharedGateway>;

    private const int Clients = 16;

    [Theory]
    [InlineData("")]
    [InlineData("?sync=true")]
    public async Task Concurrent_increments_of_a_counter_are_not_lost(string query)
    {
        const int Increments = 20;
        await subject.PutAsync("/v1/kv/counter", "0");
        await Race(async _ =>
        {
            for (int done = 0; done < Increments;)
            {
                Answer read = await subject.GetAsync("/v1/kv/counter");
                string next = (int.Parse(read.Text, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
                Answer put = await subject.PutAsync("/v1/kv/counter" + query, next, ("If-Match", read.Headers["ETag"].Single()));
                put.Status.ShouldBeOneOf(204, 412);
                done += put.Status == 204 ? 1 : 0;
            }
        });
        (await subject.GetAsync("/v1/kv/counter")).Text.ShouldBe($"{Clients * Increments}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?sync=true")]
    public async Task One_of_several_clients_that_put_if_absent_wins(string query)
    {
        for (int round = 0; round < 20; round++)
        {
            string key = $"/v1/kv/absent{query.Length}/{round}";
            Answer[] answers = await Race(client => subject.PutAsync(key + query, $"client {client}", ("If-None-Match", "*")));
            int winner = answers.Index().Single(answer => answer.Item.Status == 204).Index;
            answers.Count(answer => answer.Status == 412).ShouldBe(Clients - 1);
            (await subject.GetAsync(key)).Text.ShouldBe($"client {winner}");
        }
    }

    [Fact]
    public async Task Batches_with_checks_preserve_a_sum()
    {
        // Money is moved between accounts: both balances are checked, both are written.
        const int Accounts = 4;
        const int Each = 100;
        await subject.PostJsonAsync("/v1/batch",
            $"[{string.Join(',', Enumerable.Range(0, Accounts).Select(account => Put(account, Each)))}]");
        await Race(async client =>
        {
            Random random = new(client);
            for (int i = 0; i < 30; i++)
            {
                int[] pair = [.. Enumerable.Range(0, Accounts)];
                random.Shuffle(pair);
                (int from, int to) = (await BalanceAsync(pair[0]), await BalanceAsync(pair[1]));
                string body = $"[{Check(pair[0], from)},{Check(pair[1], to)},{Put(pair[0], from - 1)},{Put(pair[1], to + 1)}]";
                (await subject.PostJsonAsync("/v1/batch", body)).Status.ShouldBeOneOf(204, 412);
            }
        });
        int sum = 0;
        for (int account = 0; account < Accounts; account++)
        {
            sum += await BalanceAsync(account);
        }

        sum.ShouldBe(Accounts * Each);
    }

    [Fact]
    public async Task Check_and_write_are_one_step()
    {
        int[] statuses = await Task.WhenAll(Enumerable.Range(0, 16)
            .Select(async i => (await subject.AskAsync("PUT /v1/kv/oe/once", $"{i}", "If-None-Match: *")).Status));
        statuses.Order().ShouldBe([204, .. Enumerable.Repeat(412, 15)]);
    }

    private static string Put(int account, int balance) => $$"""{"type":"put","key":"account/{{account}}","value":"{{balance}}"}""";

    private static string Check(int account, int balance) =>
        $$"""{"type":"check","key":"account/{{account}}","etag":"{{Tags.Of(Encoding.UTF8.GetBytes($"{balance}")).InJson()}}"}""";

    private async Task<int> BalanceAsync(int account) =>
        int.Parse((await subject.GetAsync($"/v1/kv/account/{account}")).Text, CultureInfo.InvariantCulture);

    private static Task Race(Func<int, Task> client) =>
        Task.WhenAll(Enumerable.Range(0, Clients).Select(number => Task.Run(() => client(number))));

    private static Task<T[]> Race<T>(Func<int, Task<T>> client) =>
        Task.WhenAll(Enumerable.Range(0, Clients).Select(number => Task.Run(() => client(number))));
}
