using Rave.Client;

namespace Rave.Tests.Cli;

// The input of `rave batch`: all of it is written, or nothing with an error.
public sealed class BatchInputTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("""{"key":"a","value":"1"}{"key":"b","value":"2"}""")]
    [InlineData("""{"key":"a","value":"1"},{"key":"b","value":"2"}""")]
    [InlineData("""{"key":"a","value":"1"} words""")]
    [InlineData("""{"key":"a","value":"1"}]""")]
    [InlineData("""{"key":"a","value":"1"}],[""")]
    [InlineData("""[{"key":"a","value":"1"}]""")]
    [InlineData("""{"key":"a","value":"1"}//""")]
    [InlineData("""{"key":"a","value":"1","value":"2"}""")]
    [InlineData("""{"key":"a","value":"\ud800"}""")]
    [InlineData("""{"key":"a","value":"1"}\0""")]
    [InlineData("""{"key":"a","value":"\xff"}""")]
    [InlineData("""\xef\xbb\xbf{"key":"a","value":"1"}""")]
    [InlineData("""{"key":"a","value":"1"}\xef\xbf""")]
    public async Task A_line_that_is_not_one_operation_is_named_and_nothing_is_written(string line)
    {
        string printf = line.Replace("\\ud800", "\\\\ud800", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        (int exit, string output, string errors) =
            await _shell.RunAsync($$"""printf "{\"key\":\"z\",\"value\":\"0\"}\n{{printf}}\n" | $RAVE batch db""");
        exit.ShouldBe(2, errors);
        output.ShouldBeEmpty();
        errors.ShouldStartWith("rave: Line 2");
        errors.ShouldContain("othing was written");
        await using RaveLevel db = await RaveLevel.OpenAsync(_shell.Location);
        (await db.CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Blank_lines_Windows_line_ends_and_a_last_line_without_an_end_are_accepted() =>
        (await _shell.RunAsync(
            """printf '\n{"key":"a","value":"1"}\r\n\r\n  \n{"key":"b","value":"2"}' | $RAVE batch db && $RAVE scan db"""))
            .ShouldBe((0, """{"key":"a","value":"1"}""" + "\n" + """{"key":"b","value":"2"}""", ""));

    [Fact]
    public async Task More_operations_than_a_batch_allows_are_refused_and_the_error_says_what_to_do()
    {
        (int exit, _, string errors) = await _shell.RunAsync("""yes '{"key":"a","value":"1"}' | head -n 1000001 | $RAVE batch db""");
        exit.ShouldBe(2);
        errors.ShouldContain("/v1/entries");
        (await _shell.RunAsync("$RAVE scan db")).Output.ShouldBeEmpty();
    }
}
