using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Cli;

// A run of rave copy, and the databases before and after it.
internal sealed record CopyOutcome(int Exit, string Output, string Errors)
{
    internal static async Task<CopyOutcome> CopyAsync(params string[] arguments)
    {
        await using ChildProcess rave = ChildProcess.StartRave(["copy", .. arguments]);
        return await EndAsync(rave);
    }

    internal static async Task<CopyOutcome> EndAsync(ChildProcess rave)
    {
        string output = await rave.ReadToEndAsync();
        return new(await rave.WaitForExitAsync(), output, await rave.Errors);
    }

    internal static async Task FillAsync(string location, IEnumerable<(byte[] Key, byte[] Value)> entries, Limits? limits = null)
    {
        await using RaveLevel<byte[], byte[]> db = await OpenAsync(location, new() { Limits = limits ?? new() });
        foreach ((byte[] Key, byte[] Value)[] some in entries.Chunk(100))
        {
            await db.BatchAsync(some.Select(entry => BatchOperation.Put(entry.Key, entry.Value)));
        }
    }

    // All entries as text, in order.
    internal static async Task<List<string>> EntriesAsync(string location)
    {
        await using RaveLevel<byte[], byte[]> db = await OpenAsync(location, new() { CreateIfMissing = false });
        return await db.Iterate()
            .Select(entry => $"{Convert.ToHexStringLower(entry.Key)}={Convert.ToHexStringLower(entry.Value)}")
            .ToListAsync(TestContext.Current.CancellationToken);
    }

    internal static Task<RaveLevel<byte[], byte[]>> OpenAsync(string location, RaveOptions? options = null) =>
        RaveLevel.OpenAsync(location, Encodings.Bytes, Encodings.Bytes, options, TestContext.Current.CancellationToken);

    internal void ShouldBeDone()
    {
        Exit.ShouldBe(0, Errors);
        Errors.ShouldBeEmpty();
        string[] lines = Output.Split('\n');
        lines[1]["source".Length..].ShouldBe(lines[2]["target".Length..]);
    }

    internal void ShouldBeRefused(string why)
    {
        Exit.ShouldBe(2, Errors);
        Output.ShouldBeEmpty();
        Errors.ShouldContain(why);
        Errors.ShouldEndWith("rave: Nothing was written.\n");
    }
}
