using System.Diagnostics;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// Power loss, 42 of the list: a leader is killed, and every file is cut to its synced part, or between this and its full length.
// RAVE_CHAOS=1: a hundred times. RAVE_SEED starts with another seed.
[Needs(Need.Linux, Need.Gcc)]
public sealed class PowerLossTests
{
    private const int Writers = 4;
    private const int LivesOfADatabase = 4;

    private static readonly bool Long = Machine.RunsLong;

    [Fact]
    public async Task Synced_writes_survive_a_power_loss_with_all_earlier_writes_of_their_log_and_no_batch_is_torn()
    {
        using PowerLoss power = await PowerLoss.CompileAsync();
        int first = int.TryParse(Environment.GetEnvironmentVariable("RAVE_SEED"), out int given) ? given : Random.Shared.Next(1_000_000);
        Stopwatch watch = Stopwatch.StartNew();
        PowerTally tally = new();
        int lives = Long ? 100 : 3;
        for (int seed = first; tally.Lives < lives; seed++)
        {
            await LiveAndDieAsync(power, seed, Math.Min(LivesOfADatabase, lives - tally.Lives), tally);
        }

        TestContext.Current.SendDiagnosticMessage(
            "seeds from {0}: {1} in {2:0} s", first, tally, watch.Elapsed.TotalSeconds);
    }

    // Shows that the test above works: if a single synced byte is missing, it fails.
    [Fact]
    public async Task A_missing_synced_byte_is_detected()
    {
        using PowerLoss power = await PowerLoss.CompileAsync();
        using TempDirectory directory = new();
        DiskLoad load = new(1, (writer, number) => new(writer, number, length: 100, sync: true));
        await using (ChildProcess server = power.StartServer(directory["db"]))
        {
            await server.ExpectAsync($"leader {directory["db/rave.sock"]}");
            using HttpClient http = LiveLeader.Client(directory["db/rave.sock"]);
            await load.WriteAsync(http, write => write.Number < 3);
            await server.KillAsync();
        }

        power.Cut();
        string log = Directory.GetFiles(directory["db"], "*.log").ShouldHaveSingleItem();
        PowerLoss.Cut(log, new FileInfo(log).Length - 1);
        load.Faults(await DiskLoad.ReadAsync(directory["db"]), write => write.Acknowledged).ShouldBe(["w0-00002 (sync) is lost"]);
    }

    // The same database every time: what has survived once must always exist.
    private static async Task LiveAndDieAsync(PowerLoss power, int seed, int lives, PowerTally tally)
    {
        using TempDirectory directory = new();
        Random random = new(seed);
        DiskLoad load = new(Writers, (writer, number) => Plan(seed, writer, number));
        for (int life = 0; life < lives; life++)
        {
            await LiveAsync(power, directory["db"], random, load);
            bool all = random.Next(2) == 0;
            long cut = power.Cut(all ? null : random);
            SentWrite[] fresh = [.. load.Writes.Where(write => write.Survived is null)];
            List<string> faults = load.Faults(await DiskLoad.ReadAsync(directory["db"]), write => write.Acknowledged && write.Sync);
            List<string> holes = Holes(fresh, power.LogsBegun, tally);
            faults.Concat(holes)
                .ShouldBeEmpty($"seed {seed}, life {life}, cut to {(all ? "what was synced" : "a random length behind it")}");
            tally.Add(fresh, cut);
        }
    }

    // Runs until this many writes are acknowledged, or until one of its syncs, which may be while it opens the database.
    private static async Task LiveAsync(PowerLoss power, string location, Random random, DiskLoad load)
    {
        int? sync = random.Next(2) == 0 ? random.Next(1, 40) : null;
        int acknowledged = load.Acknowledged + random.Next(400);
        await using ChildProcess server = power.StartServer(location, sync);
        if (await server.ReadLineAsync() is null)
        {
            return;
        }

        using HttpClient http = LiveLeader.Client(Path.Combine(location, "rave.sock"));
        TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task writing = load.WriteAsync(http, _ =>
        {
            if (load.Acknowledged >= acknowledged)
            {
                enough.TrySetResult();
            }

            return true;
        });
        await Task.WhenAny(enough.Task, writing).Soon();
        await server.KillAsync();
        await writing.Soon();
    }

    private static SentWrite Plan(int seed, int writer, int number)
    {
        Random random = new(HashCode.Combine(seed, writer, number));
        int length = random.Next(12) == 0 ? 200_000 : random.Next(1, 2000);
        // Often or seldom, because each hides faults that the other shows.
        return new(writer, number, length, sync: random.Next(seed % 2 == 0 ? 10 : 100) == 0, batch: random.Next(4) == 0);
    }

    // A write that was lost although a later one survived. This is allowed only if LevelDB began another log between them, because it
    // does not sync the log before.
    private static List<string> Holes(SentWrite[] writes, List<long> logs, PowerTally tally)
    {
        List<string> holes = [];
        foreach (SentWrite lost in writes.Where(write => write is { Acknowledged: true, Survived: false }))
        {
            SentWrite[] later = [.. writes.Where(write => write.Survived == true && write.Sent > lost.Answered)];
            tally.Holes += later.Length > 0 ? 1 : 0;
            holes.AddRange(later
                .Where(write => !logs.Exists(begun => lost.Sent < begun && begun < write.Answered))
                .Select(write => $"{lost.Name} is lost, and {write.Name}, which came after it in the same log, is not"));
        }

        return holes;
    }

    private sealed class PowerTally
    {
        private long _bytes;
        private int _acknowledged;
        private int _synced;
        private int _lost;

        internal int Lives { get; private set; }

        internal int Holes { get; set; }

        internal void Add(SentWrite[] writes, long bytes)
        {
            Lives++;
            _bytes += bytes;
            _acknowledged += writes.Count(write => write.Acknowledged);
            _synced += writes.Count(write => write is { Acknowledged: true, Sync: true });
            _lost += writes.Count(write => write is { Acknowledged: true, Survived: false });
        }

        public override string ToString() =>
            $"{Lives} losses of power, {_bytes} bytes cut, {_acknowledged} writes acknowledged, "
                + $"{_synced} of them synced and none of those lost, {_lost} others lost, {Holes} of them before a log that survived";
    }
}
