using Rave.Client;
using Rave.Tests.Harness;
using Rave.Tests.Peer;
using Rave.Tests.Reliability;

namespace Rave.Tests.History;

// Tests the purpose of the checker: the same answers are lost, once with and once without records of applied writes.
public sealed class LostAnswerTests
{
    private const int Seed = 7;
    private const int Leaders = 8;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Retried_writes_make_a_history_impossible_only_without_exactly_once(bool exactlyOnce)
    {
        using TempDirectory directory = new();
        LosingWire wire = new();
        RaveLevel leader = await RaveLevel.OpenAsync(directory["db"]);
        await using RaveLevel reader = await RaveLevel.OpenAsync(directory["db"], new() { CanLead = false });
        await using RaveLevel loses =
            await RaveLevel.OpenAsync(directory["db"], new() { CanLead = false, ExactlyOnce = exactlyOnce, Wire = wire.Around });
        Directory.CreateDirectory(directory["histories"]);
        using (HistoryWriter own = new(directory["histories/own.ndjson"]))
        using (HistoryWriter others = new(directory["histories/others.ndjson"]))
        {
            Random random = new(Seed);
            for (int round = 0; round < Leaders; round++)
            {
                string key = $"{(char)('a' + random.Next(3))}";
                RaveLevel last = leader;
                RaveLevel next = await RaveLevel.OpenAsync(directory["db"]);
                wire.LoseAnswer(async () =>
                {
                    // It was applied, and its answer is lost. Meanwhile another process reads the value and writes another one.
                    await ReadAsync(others, reader, key);
                    await WriteAsync(others, reader, key, $"newer {round}");
                    await last.CloseAsync();
                });
                await WriteAsync(own, loses, key, $"older {round}").Soon();
                await ReadAsync(others, reader, key);
                leader = next;
            }
        }

        await leader.CloseAsync();
        string?[] violations = [.. HistoryFile.Merge(directory["histories"]).GroupBy(operation => operation.Key)
            .Select(RegisterChecker.Violation)];
        violations.ShouldAllBe(violation => violation == null == exactlyOnce);
        violations.Length.ShouldBeGreaterThan(1);
    }

    private static Task<string?[]> ReadAsync(HistoryWriter history, RaveLevel db, string key) =>
        history.GetAsync([key], async () => [await db.GetAsync(key)]);

    private static Task<bool> WriteAsync(HistoryWriter history, RaveLevel db, string key, string value) =>
        history.WriteAsync([new(0, 0, key, HistoryLine.Put, value)], async () =>
        {
            await db.PutAsync(key, value);
            return true;
        });
}
