using System.Security.Cryptography;
using System.Text;
using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Cli;

// rave copy between directories.
public sealed class CopyTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string From => _directory["from"];

    private string To => _directory["to"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_copy_prints_the_number_and_the_checksum_of_both_sides()
    {
        await FillAsync("a", "b", "c");
        CopyOutcome copy = await CopyOutcome.CopyAsync(From, To);
        copy.ShouldBeDone();
        byte[] hashed =
        [
            .. "abc".SelectMany(key => (byte[])[0, 0, 0, 1, (byte)key, 0, 0, 0, 10, .. Encoding.ASCII.GetBytes($"value of {key}")]),
        ];
        string side = $"3 entries, 33 bytes, sha256 {Convert.ToHexStringLower(SHA256.HashData(hashed))}";
        copy.Output.ShouldBe($"written  3 entries\nsource   {side}\ntarget   {side}");
        await ShouldBeEqualAsync();
    }

    [Fact]
    public async Task A_target_with_entries_is_refused()
    {
        await FillAsync("a");
        await PutAsync(To, "z", "1");
        (await CopyOutcome.CopyAsync(From, To)).ShouldBeRefused("is not empty. Its first key is 'z'");
        (await CopyOutcome.EntriesAsync(To)).ShouldBe(["7a=31"]);
    }

    [Fact]
    public async Task Resume_writes_what_is_missing_and_nothing_else()
    {
        await FillAsync("a", "b", "c", "d");
        await PutAsync(To, "b", "value of b");
        CopyOutcome copy = await CopyOutcome.CopyAsync(From, To, "--resume");
        copy.ShouldBeDone();
        copy.Output.ShouldStartWith("written  3 entries\n");
        await ShouldBeEqualAsync();
        (await CopyOutcome.CopyAsync(From, To, "--resume")).Output.ShouldStartWith("written  0 entries\n");
    }

    [Theory]
    [InlineData("b", "another value")]
    [InlineData("c", "not in the source")]
    public async Task Resume_refuses_a_target_that_is_no_part_of_the_source_and_overwrite_makes_it_equal(string key, string value)
    {
        await FillAsync("a", "b", "d");
        await PutAsync(To, key, value);
        List<string> before = await CopyOutcome.EntriesAsync(To);
        (await CopyOutcome.CopyAsync(From, To, "--resume"))
            .ShouldBeRefused($"has 1 entry that the source does not have, or has with another value. The first key is '{key}'");
        (await CopyOutcome.EntriesAsync(To)).ShouldBe(before);
        (await CopyOutcome.CopyAsync(From, To, "--overwrite")).ShouldBeDone();
        await ShouldBeEqualAsync();
    }

    [Fact]
    public async Task What_a_directory_does_not_take_is_listed_and_nothing_is_made()
    {
        byte[] longKey = [.. Enumerable.Repeat((byte)0xff, 70_000)];
        Limits higher = new() { KeyBytes = 1 << 20 };
        await CopyOutcome.FillAsync(From, [("a"u8.ToArray(), []), (longKey, [1, 2])], higher);
        CopyOutcome copy = await CopyOutcome.CopyAsync(From, To);
        copy.ShouldBeRefused("1 entry does not fit");
        copy.Errors.ShouldStartWith($"{new string('f', 128)}… (hex): key 70,000 bytes, value 2 bytes\n");
        copy.Errors.ShouldContain("Shorten or delete the entries with longer keys.");
        Directory.Exists(To).ShouldBeFalse();
    }

    [Fact]
    public async Task Databases_that_others_lead_are_copied_as_they_are_at_one_moment()
    {
        await using RaveLevel source = await RaveLevel.OpenAsync(From);
        await using RaveLevel target = await RaveLevel.OpenAsync(To);
        await source.BatchAsync(Enumerable.Range(0, 3_000).Select(i => BatchOperation.Put($"{i:0000}", $"{i}")));
        (await CopyOutcome.CopyAsync(From, To)).ShouldBeDone();
        (await target.Iterate().ToListAsync(TestContext.Current.CancellationToken))
            .ShouldBe(await source.Iterate().ToListAsync(TestContext.Current.CancellationToken));
        source.IsLeader.ShouldBeTrue();
        target.IsLeader.ShouldBeTrue();
    }

    [Fact]
    public async Task An_empty_database_is_copied()
    {
        await FillAsync();
        (await CopyOutcome.CopyAsync(From, To)).ShouldBeDone();
        (await CopyOutcome.EntriesAsync(To)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_source_that_is_not_there_and_both_options_make_nothing()
    {
        (await CopyOutcome.CopyAsync(From, To)).Exit.ShouldBe(3);
        await FillAsync("a");
        (await CopyOutcome.CopyAsync(From, To, "--resume", "--overwrite")).Exit.ShouldBe(2);
        Directory.Exists(To).ShouldBeFalse();
    }

    [Fact]
    [Needs(Need.Script)]
    public async Task On_a_terminal_it_shows_its_progress()
    {
        await FillAsync("a", "b");
        string command = $"""script -qec "$RAVE copy '{From}' '{To}'" /dev/null""";
        using Shell shell = new();
        (int exit, string output, _) = await shell.RunAsync(command);
        exit.ShouldBe(0);
        output.ShouldContain("checked 1 entries, 0.0 MB");
        output.ShouldContain("copied 0 of 2 entries, 0.0 of 0.0 MB");
        output.ShouldContain("verified 1 of 2 entries");
    }

    private Task FillAsync(params string[] keys) => CopyOutcome.FillAsync(
        From, keys.Select(key => (Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"value of {key}"))));

    private static async Task PutAsync(string location, string key, string value)
    {
        await using RaveLevel db = await RaveLevel.OpenAsync(location);
        await db.PutAsync(key, value);
    }

    private async Task ShouldBeEqualAsync() =>
        (await CopyOutcome.EntriesAsync(To)).ShouldBe(await CopyOutcome.EntriesAsync(From));
}
