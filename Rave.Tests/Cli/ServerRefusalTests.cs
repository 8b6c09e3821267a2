using Rave.Client;
using Rave.Server.Engine;
using Rave.Server.Files;
using Rave.Server.LevelDb;
using Rave.Server.Location;
using Rave.Tests.Harness;

namespace Rave.Tests.Cli;

// If waiting cannot help, rave-server ends with 3 and one message, and changes no file.
public sealed class ServerRefusalTests
{
    [Fact]
    public async Task A_location_that_is_a_file_is_refused()
    {
        using TempDirectory directory = new();
        await File.WriteAllTextAsync(directory["file"], "precious");
        await RefusedAsync(directory["file"], "is a file, but a database is a directory");
        (await File.ReadAllTextAsync(directory["file"])).ShouldBe("precious");
    }

    [Theory]
    [InlineData("--existing")]
    [InlineData("--read-only")]
    [InlineData("--repair")]
    public async Task A_missing_database_is_not_created_if_an_existing_one_is_required(string option)
    {
        using TempDirectory directory = new();
        await RefusedAsync(directory["db"], "There is no database at", option);
        Directory.Exists(directory["db"]).ShouldBeFalse();
    }

    [Fact]
    public async Task An_empty_directory_stays_empty_with_existing()
    {
        using TempDirectory directory = new();
        await RefusedAsync(directory.Path, "There is no database at", "--existing");
        Directory.GetFileSystemEntries(directory.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Existing_opens_a_database_that_exists()
    {
        using TempDirectory directory = await DatabaseAsync();
        await using ChildProcess server = ChildProcess.StartServer(directory.Path, "--existing");
        (await server.ReadLineAsync()).ShouldBe($"leader {directory["rave.sock"]}");
    }

    [Theory]
    [InlineData("rm CURRENT")]
    [InlineData("rm CURRENT *.log")]
    [InlineData("rm CURRENT *.log MANIFEST-*; touch 000007.ldb")]
    [InlineData("rm CURRENT *.log MANIFEST-*; touch 000007.sst")]
    [InlineData("rm CURRENT *.log MANIFEST-*; touch 000007.log")]
    public async Task Data_without_CURRENT_is_refused_and_nothing_is_deleted(string damage)
    {
        using TempDirectory directory = await DatabaseAsync();
        await DamageAsync(directory, damage);
        string[] before = DataFiles(directory);

        await ShouldNotLeadAsync(directory.Path, "but no file CURRENT");

        DataFiles(directory).ShouldBe(before);
    }

    [Theory]
    [InlineData("printf 'MANIFEST-000099\\n' > CURRENT")]
    [InlineData("printf 'MANIFEST-000002' > CURRENT")]
    [InlineData("printf 'garbage\\n' > CURRENT")]
    [InlineData(": > CURRENT")]
    [InlineData("rm MANIFEST-*")]
    [InlineData("m=$(ls MANIFEST-*); : > $m")]
    [InlineData("m=$(ls MANIFEST-*); truncate -s -1 $m")]
    [InlineData("m=$(ls MANIFEST-*); printf garbage > $m")]
    [InlineData("m=$(ls MANIFEST-*); printf XXXXXXXX | dd of=$m bs=1 seek=9 conv=notrunc 2>/dev/null")]
    public async Task A_damaged_CURRENT_or_MANIFEST_is_refused_and_nothing_is_deleted(string damage)
    {
        using TempDirectory directory = await DatabaseAsync();
        await DamageAsync(directory, damage);
        string[] before = DataFiles(directory);

        await ShouldNotLeadAsync(directory.Path, "");

        DataFiles(directory).ShouldBe(before);
    }

    [Theory]
    [InlineData("rm CURRENT", "but no file CURRENT")]
    [InlineData("rm MANIFEST-*", "rave-server: ")]
    public async Task Damage_ends_the_process_with_3_and_one_message(string damage, string words)
    {
        using TempDirectory directory = await DatabaseAsync();
        await DamageAsync(directory, damage);
        await RefusedAsync(directory.Path, words);
    }

    [Fact]
    public async Task Records_of_a_later_version_are_refused_and_left_as_they_are()
    {
        using TempDirectory directory = new();
        byte[] key = SessionRecord.KeyOf("0123456789abcdef");
        using (LevelDatabase database = LevelDatabase.Open(directory.Path, new(), create: true))
        {
            database.Put(key, [2, 0], sync: true);
        }

        await RefusedAsync(directory.Path, "newer version");
        using LevelDatabase again = LevelDatabase.Open(directory.Path, new(), create: false);
        again.Get(key).ShouldBe([2, 0]);
    }

    [Theory]
    [InlineData("touch MANIFEST-000001")]
    [InlineData("printf 'half a manifest' > MANIFEST-000001")]
    [InlineData("touch MANIFEST-000001; printf 'MANIFEST-000001\\n' > 000001.dbtmp")]
    public async Task An_interrupted_creation_is_continued(string remains)
    {
        using TempDirectory directory = new();
        await DamageAsync(directory, remains);
        await using ChildProcess server = ChildProcess.StartServer(directory.Path);
        (await server.ReadLineAsync()).ShouldBe($"leader {directory["rave.sock"]}");
    }

    [Theory]
    [InlineData]
    [InlineData("")]
    [InlineData("db", "--existin")]
    [InlineData("db", "another")]
    [InlineData("db", "--repair", "--read-only")]
    [InlineData("db", "--json")]
    [InlineData("db", "--group", "no such group")]
    [InlineData("db", "--http", "65536")]
    public async Task Wrong_usage_ends_with_2(params string[] arguments)
    {
        using TempDirectory directory = new();
        await using ChildProcess server = ChildProcess.Start(ChildProcess.ServerPath, arguments, start =>
            start.WorkingDirectory = directory.Path);
        (await server.WaitForExitAsync()).ShouldBe(2);
        Directory.GetFileSystemEntries(directory.Path).ShouldBeEmpty();
    }

    private static async Task RefusedAsync(string location, string words, params string[] options)
    {
        await using ChildProcess server = ChildProcess.StartServer(location, options);
        (await server.WaitForExitAsync()).ShouldBe(3);
        string errors = await server.Errors;
        errors.ShouldContain(words);
        errors.ShouldStartWith("rave-server: ");
        errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1, "one sentence and no stack trace");
        (await server.ReadLineAsync()).ShouldBeNull("it never led");
    }

    // Opens as rave-server does, without a process for each kind of damage.
    private static async Task ShouldNotLeadAsync(string location, string words)
    {
        using DatabaseLocation at = DatabaseLocation.Resolve(location, create: false);
        RaveException refusal = await Should.ThrowAsync<RaveException>(Embedded.LeadAsync(at));
        refusal.Code.ShouldBe("LEVEL_CORRUPTION");
        refusal.MayPass.ShouldBeFalse("waiting cannot help: rave-server ends with 3");
        refusal.Message.ShouldContain(words);
        refusal.Message.ShouldNotContain("\n", Case.Sensitive, "one sentence");
    }

    // A database with an entry, closed.
    private static async Task<TempDirectory> DatabaseAsync()
    {
        TempDirectory directory = new();
        await using RaveLevel db = await RaveLevel.OpenAsync(directory.Path);
        await db.PutAsync("hello", "world");
        return directory;
    }

    private static async Task DamageAsync(TempDirectory directory, string script)
    {
        await using ChildProcess shell = ChildProcess.Start("sh", ["-c", script], start => start.WorkingDirectory = directory.Path);
        (await shell.WaitForExitAsync()).ShouldBe(0);
    }

    // LevelDB's files and their lengths; its own log of events (LOG) apart.
    private static string[] DataFiles(TempDirectory directory) =>
    [
        .. FileNames.In(directory.Path)
            .Where(name => FileNames.KindOf(name) is FileKind.Current or FileKind.Manifest or FileKind.Table or FileKind.Log)
            .Select(name => $"{name} {new FileInfo(directory[name]).Length}").Order(),
    ];
}
