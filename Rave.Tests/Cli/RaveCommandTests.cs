using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Cli;

// rave, run as a user runs it, its output piped.
public sealed class RaveCommandTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Db => _directory["db"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_leads_if_there_is_no_other_leader()
    {
        (await RunAsync("put", Db, "hello", "world")).ShouldBe((0, ""));
        (await RunAsync("get", Db, "hello")).ShouldBe((0, "world"));
    }

    [Fact]
    public async Task A_value_is_put_got_and_deleted()
    {
        await using RaveLevel leader = await RaveLevel.OpenAsync(Db);
        (await RunAsync("put", Db, "hello", "world")).ShouldBe((0, ""));
        (await RunAsync("get", Db, "hello")).ShouldBe((0, "world"));
        (await RunAsync("del", Db, "hello")).ShouldBe((0, ""));
        (await RunAsync("get", Db, "hello")).ShouldBe((1, ""));
    }

    [Fact]
    public async Task A_value_is_read_from_standard_input_if_none_is_given()
    {
        await using RaveLevel leader = await RaveLevel.OpenAsync(Db);
        (await RunWithInputAsync("two\nlines", "put", Db, "00ff", "--key-encoding", "hex")).ShouldBe((0, ""));
        (await RunAsync("get", Db, "AP8=", "--key-encoding", "base64")).ShouldBe((0, "two\nlines"));
    }

    [Fact]
    public async Task Batch_reads_the_output_of_scan()
    {
        await using RaveLevel leader = await RaveLevel.OpenAsync(Db);
        const string lines = """
            {"key":"a","value":"1"}
            {"key":"b","value":"2"}
            {"key":"c","value":"3"}
            """;
        (await RunWithInputAsync(lines, "batch", Db)).ShouldBe((0, ""));
        (await RunAsync("scan", Db)).ShouldBe((0, lines));
        (await RunAsync("scan", Db, "--gt", "a", "--reverse", "--limit", "1", "--value-encoding", "hex"))
            .ShouldBe((0, """{"key":"c","value":"33"}"""));
        (await RunWithInputAsync("""{"type":"del","key":"a"}""", "batch", Db)).ShouldBe((0, ""));
        (await RunAsync("scan", Db, "--lt", "c")).ShouldBe((0, """{"key":"b","value":"2"}"""));
    }

    [Fact]
    public async Task A_bad_line_is_named_and_nothing_is_written()
    {
        await using RaveLevel leader = await RaveLevel.OpenAsync(Db);
        await using ChildProcess rave = ChildProcess.StartRave("batch", Db);
        await rave.Input.WriteAsync("""
            {"key":"a","value":"1"}
            {"key":"b","valu":"2"}
            """);
        rave.Input.Close();
        (await rave.WaitForExitAsync()).ShouldBe(2);
        (await rave.Errors).ShouldContain("Line 2");
        (await RunAsync("scan", Db)).ShouldBe((0, ""));
    }

    [Fact]
    public async Task Status_names_the_leader()
    {
        await using ChildProcess server = ChildProcess.StartServer(Db);
        await server.ExpectAsync($"leader {Db}/rave.sock");
        (int exit, string output) = await RunAsync("status", Db);
        exit.ShouldBe(0);
        output.ShouldContain($"\"pid\":{server.Id}");
    }

    [Theory]
    [InlineData(2, "get")]
    [InlineData(2, "nonsense")]
    [InlineData(2, "scan", "db", "--limit", "-2")]
    [InlineData(2, "get", "db", "k", "--key-encoding", "rot13")]
    [InlineData(0, "--help")]
    [InlineData(0, "scan", "--help")]
    public async Task Usage_has_exit_codes(int exit, params string[] arguments) => (await RunAsync(arguments)).Exit.ShouldBe(exit);

    [Fact]
    public async Task Reading_a_missing_database_fails_and_creates_nothing()
    {
        (await RunAsync("get", Db, "a")).Exit.ShouldBe(3);
        Directory.Exists(Db).ShouldBeFalse();
    }

    private static Task<(int Exit, string Output)> RunAsync(params string[] arguments) => RunWithInputAsync("", arguments);

    private static async Task<(int Exit, string Output)> RunWithInputAsync(string input, params string[] arguments)
    {
        await using ChildProcess rave = ChildProcess.StartRave(arguments);
        await rave.Input.WriteAsync(input);
        rave.Input.Close();
        string output = await rave.ReadToEndAsync();
        return (await rave.WaitForExitAsync(), output);
    }
}
