using System.Text;
using Rave.Client;
using Rave.Tests.Cli;
using Rave.Tests.Harness;

namespace Rave.Tests.Etcd;

// rave copy between a directory and a cluster.
[Collection(EtcdSuite.Name)]
public sealed class CopyToClusterTests(SharedMember shared) : IDisposable
{
    private const int Many = 4_000;
    private const int ValueBytes = 1_500;
    private const int Half = Many * ValueBytes / 2;

    private readonly TempDirectory _directory = new();
    private readonly string _database = EtcdStores.NewName();

    private string From => _directory["from"];

    private string To => _directory["to"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Every_byte_goes_to_the_cluster_and_comes_back()
    {
        await CopyOutcome.FillAsync(From, [.. HostileEntries(), .. ManyEntries()]);
        await using (RaveLevel db = await RaveLevel.OpenAsync(From))
        {
            await db.Sublevel("outer").Sublevel("inner", Encodings.Int64).PutAsync("", -1);
            await db.Sublevel("outer").PutAsync("inner", "!");
        }

        string cluster = await LocationAsync();
        (await CopyOutcome.CopyAsync(From, cluster)).ShouldBeDone();
        await ShouldBeEqualAsync(cluster);
        (await CopyOutcome.CopyAsync(cluster, To)).ShouldBeDone();
        await ShouldBeEqualAsync(To);
        await using RaveLevel copy = await RaveLevel.OpenAsync(To);
        (await copy.Sublevel("outer").Sublevel("inner", Encodings.Int64).GetAsync("")).ShouldBe(-1);
    }

    [Fact]
    public async Task A_value_of_2_MiB_is_listed_with_the_flag_to_raise_and_nothing_is_written()
    {
        byte[] key = [.. "big"u8, 0xff];
        await CopyOutcome.FillAsync(From, [.. HostileEntries(), (key, new byte[2 << 20])]);
        string cluster = await LocationAsync();
        CopyOutcome refused = await CopyOutcome.CopyAsync(From, cluster);
        refused.ShouldBeRefused("Start the members of the cluster with --max-request-bytes 3145728 or more");
        refused.Errors.ShouldStartWith("626967ff (hex): key 4 bytes, value 2,097,152 bytes\nrave: 1 entry does not fit into");
        (await Should.ThrowAsync<RaveException>(CopyOutcome.OpenAsync(cluster, new() { CreateIfMissing = false })))
            .Code.ShouldBe(ErrorCodes.DatabaseNotOpen);

        await using EtcdMember member = await EtcdMember.StartAsync("--max-request-bytes", "3145728");
        string[] arguments = ["copy", From, LocationOf(member.Port)];
        await using ChildProcess rave = ChildProcess.Start(
            ChildProcess.RavePath, arguments, start => start.Environment["RAVE_ETCD_MAX_REQUEST_BYTES"] = "3145728");
        (await CopyOutcome.EndAsync(rave)).ShouldBeDone();
        await ShouldBeEqualAsync(LocationOf(member.Port));
        await using ChildProcess wrong = ChildProcess.Start(
            ChildProcess.RavePath, arguments, start => start.Environment["RAVE_ETCD_MAX_REQUEST_BYTES"] = "3 MiB");
        (await wrong.WaitForExitAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_copy_to_the_cluster_that_is_killed_in_the_middle_is_resumed()
    {
        await CopyOutcome.FillAsync(From, ManyEntries());
        await using MemberWire wire = new(await shared.MemberAsync()) { ToMember = new() { Left = Half } };
        await using (ChildProcess rave = ChildProcess.StartRave("copy", From, LocationOf(wire.Port)))
        {
            await wire.ToMember.Held.Soon();
            await rave.KillAsync();
        }

        await ShouldResumeAsync(From, await LocationAsync());
    }

    [Fact]
    public async Task A_copy_from_the_cluster_that_is_killed_in_the_middle_is_resumed()
    {
        string cluster = await LocationAsync();
        await CopyOutcome.FillAsync(cluster, ManyEntries());
        await using MemberWire wire = new(await shared.MemberAsync()) { FromMember = new() { Left = Half } };
        await using (ChildProcess rave = ChildProcess.StartRave("copy", LocationOf(wire.Port), To))
        {
            await Waiting.UntilAsync("the first entries are in the target, and the last ones are not read", async () =>
            {
                if (Directory.Exists(To) && await CountAsync(To) > 0)
                {
                    return true;
                }

                // While it writes the first batch, it reads two pages ahead and no further.
                if (wire.FromMember.IsHolding)
                {
                    wire.FromMember.Allow(256 << 10);
                }

                return false;
            });
            await rave.KillAsync();
        }

        await ShouldResumeAsync(cluster, To);
    }

    [Fact]
    public async Task Ctrl_C_says_what_was_done_and_how_to_continue()
    {
        await CopyOutcome.FillAsync(From, ManyEntries());
        await using MemberWire wire = new(await shared.MemberAsync()) { ToMember = new() { Left = Half } };
        await using (ChildProcess rave = ChildProcess.StartRave("copy", From, LocationOf(wire.Port)))
        {
            await wire.ToMember.Held.Soon();
            rave.Signal(ChildProcess.Interrupt);
            CopyOutcome ended = await CopyOutcome.EndAsync(rave);
            ended.Exit.ShouldBe(130);
            ended.Output.ShouldBeEmpty();
            ended.Errors.ShouldEndWith("of 4,000 entries were written. To continue, run the same command with --resume.\n");
        }

        await ShouldResumeAsync(From, await LocationAsync());
    }

    [Fact]
    public async Task Ctrl_C_before_the_first_write_says_that_nothing_was_written()
    {
        string cluster = await LocationAsync();
        await CopyOutcome.FillAsync(cluster, ManyEntries());
        await using MemberWire wire = new(await shared.MemberAsync()) { FromMember = new() { Left = Half } };
        await using ChildProcess rave = ChildProcess.StartRave("copy", LocationOf(wire.Port), To);
        await wire.FromMember.Held.Soon();
        rave.Signal(ChildProcess.Interrupt);
        (await CopyOutcome.EndAsync(rave)).ShouldBe(new(130, "", "rave: Nothing was written.\n"));
        Directory.Exists(To).ShouldBeFalse();
    }

    [Fact]
    public async Task What_the_source_gets_meanwhile_is_not_copied()
    {
        await using RaveLevel<byte[], byte[]> source = await CopyOutcome.OpenAsync(From);
        await source.BatchAsync(ManyEntries().Select(entry => BatchOperation.Put(entry.Key, entry.Value)));
        await using MemberWire wire = new(await shared.MemberAsync()) { ToMember = new() { Left = Half } };
        await using ChildProcess rave = ChildProcess.StartRave("copy", From, LocationOf(wire.Port));
        await wire.ToMember.Held.Soon();
        List<string> before = await CopyOutcome.EntriesAsync(From);
        await source.ClearAsync();
        await source.PutAsync("key9999"u8.ToArray(), "later"u8.ToArray());
        wire.ToMember.Allow();
        (await CopyOutcome.EndAsync(rave)).ShouldBeDone();
        (await CopyOutcome.EntriesAsync(await LocationAsync())).ShouldBe(before);
    }

    [Fact]
    public async Task A_byte_that_is_wrong_in_the_target_is_found_and_corrected()
    {
        byte[] run = [.. Enumerable.Repeat((byte)'R', 64 << 10)];
        await CopyOutcome.FillAsync(From, [.. ManyEntries(), ("key2000-run"u8.ToArray(), run)]);
        await using MemberWire wire = new(await shared.MemberAsync())
        {
            Change = bytes =>
            {
                // Only the long value has so many of them in a row. Each time: the first attempt may not be the one that is applied.
                int place = bytes.Span.IndexOf(run.AsSpan(0, 100));
                if (place >= 0)
                {
                    bytes.Span[place + 50] = (byte)'W';
                }
            },
        };
        CopyOutcome copy = await CopyOutcome.CopyAsync(From, LocationOf(wire.Port));
        copy.Exit.ShouldBe(4, copy.Errors);
        copy.Errors.ShouldStartWith("rave: Source and target differ in 1 entry after the copy. The first one is 'key2000-run'.");
        copy.Errors.ShouldContain("run the same command with --overwrite");
        string[] lines = copy.Output.Split('\n');
        lines[1]["source".Length..].ShouldNotBe(lines[2]["target".Length..]);

        string cluster = await LocationAsync();
        (await CopyOutcome.CopyAsync(From, cluster, "--resume")).ShouldBeRefused("has 1 entry that the source does not have");
        CopyOutcome corrected = await CopyOutcome.CopyAsync(From, cluster, "--overwrite");
        corrected.ShouldBeDone();
        corrected.Output.ShouldStartWith("written  1 entry\n");
        await ShouldBeEqualAsync(cluster);
    }

    private static IEnumerable<(byte[] Key, byte[] Value)> HostileEntries() =>
    [
        ([], []),
        .. Enumerable.Range(0, 256).Select(b => ((byte[])[(byte)b], (byte[])[(byte)b, 0])),
        .. Enumerable.Range(0, 256).Select(b => ((byte[])[0xff, 0xff, (byte)b], Array.Empty<byte>())),
        ([.. Enumerable.Repeat((byte)0xff, 64 << 10)], [0xff]),
        ("every"u8.ToArray(), [.. Enumerable.Range(0, 256).Select(b => (byte)b)]),
        ("large"u8.ToArray(), [.. Enumerable.Range(0, 1 << 20).Select(i => (byte)(i * 7919 >> 5))]),
        ("key\0"u8.ToArray(), "\0"u8.ToArray()),
    ];

    // More than one batch and one page, of random values.
    private static IEnumerable<(byte[] Key, byte[] Value)> ManyEntries()
    {
        Random random = new(1);
        for (int i = 0; i < Many; i++)
        {
            byte[] value = new byte[ValueBytes];
            random.NextBytes(value);
            yield return (Encoding.ASCII.GetBytes($"key{i:0000}"), value);
        }
    }

    // Some of it is there, and the rest follows.
    private static async Task ShouldResumeAsync(string from, string to)
    {
        long before = await CountAsync(to);
        before.ShouldBeInRange(1, Many - 1);
        (await CopyOutcome.CopyAsync(from, to)).ShouldBeRefused("is not empty");
        CopyOutcome resumed = await CopyOutcome.CopyAsync(from, to, "--resume");
        resumed.ShouldBeDone();
        resumed.Output.ShouldStartWith($"written  {Many - before:N0} entries\n");
        (await CopyOutcome.EntriesAsync(to)).ShouldBe(await CopyOutcome.EntriesAsync(from));
    }

    private static async Task<long> CountAsync(string location)
    {
        await using RaveLevel<byte[], byte[]> db = await CopyOutcome.OpenAsync(location);
        return await db.CountAsync();
    }

    private async Task ShouldBeEqualAsync(string location) =>
        (await CopyOutcome.EntriesAsync(location)).ShouldBe(await CopyOutcome.EntriesAsync(From));

    private async Task<string> LocationAsync() => LocationOf((await shared.MemberAsync()).Port);

    private string LocationOf(int port)
    {
        RaveEtcd.Register();
        return $"etcd://127.0.0.1:{port}/{_database}";
    }
}
