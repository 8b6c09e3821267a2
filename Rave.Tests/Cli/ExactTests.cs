using Rave.Tests.Harness;

namespace Rave.Tests.Cli;

// The command line changes nothing and loses nothing without a word: each line is what somebody types, its exit code and what is seen then.
public sealed class ExactTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

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
        (int exit, string output, string errors) = await ShellAsync($$"""printf "{\"key\":\"z\",\"value\":\"0\"}\n{{printf}}\n" | $RAVE batch db""");
        exit.ShouldBe(2, errors);
        output.ShouldBeEmpty();
        errors.ShouldStartWith("rave: Line 2");
        errors.ShouldContain("othing was written");
        (await ShellAsync("$RAVE scan db")).ShouldBe((0, "", ""));
    }

    [Fact]
    public async Task Blank_lines_ends_of_Windows_and_a_last_line_without_an_end_are_taken() =>
        (await ShellAsync("""printf '\n{"key":"a","value":"1"}\r\n\r\n  \n{"key":"b","value":"2"}' | $RAVE batch db && $RAVE scan db"""))
            .ShouldBe((0, """{"key":"a","value":"1"}""" + "\n" + """{"key":"b","value":"2"}""", ""));

    [Fact]
    public async Task More_operations_than_a_batch_holds_are_refused_before_anything_is_written_and_it_says_what_to_do()
    {
        (int exit, _, string errors) = await ShellAsync("""yes '{"key":"a","value":"1"}' | head -n 1000001 | $RAVE batch db""");
        exit.ShouldBe(2);
        errors.ShouldContain("/v1/entries");
        (await ShellAsync("$RAVE scan db")).Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""$RAVE put db "$(printf 'k\377')" 1""")]
    [InlineData("""$RAVE put db k "$(printf '\303')" """)]
    [InlineData("""$RAVE put "$(printf 'd\377')" k 1""")]
    [InlineData("""$RAVE get "$(printf 'd\377')" k""")]
    [InlineData("""$SERVER "$(printf 'd\377')" """)]
    public async Task An_argument_that_is_no_text_is_refused_and_makes_nothing(string command)
    {
        (int exit, string output, string errors) = await ShellAsync(command);
        exit.ShouldBe(2);
        output.ShouldBeEmpty();
        errors.ShouldContain("is not valid UTF-8");
        Directory.GetFileSystemEntries(_directory.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("@scope/pkg")]
    [InlineData("@file")]
    [InlineData("/?")]
    [InlineData("/h")]
    [InlineData("\ufffd")]
    [InlineData("a=b:c,d")]
    public async Task A_word_is_a_word_whatever_it_begins_with(string word)
    {
        (await ShellAsync($"$RAVE put db '{word}' '{word}' && $RAVE get db '{word}'")).ShouldBe((0, word, ""));
        (await ShellAsync($"$SERVER '{word}' --repair")).Errors.ShouldBe($"rave-server: There is no database at '{word}', and this call does not create one.\n");
        (await ShellAsync("$RAVE put db -- --key -1 && $RAVE get db -- --key")).ShouldBe((0, "-1", ""));
    }

    [Theory]
    [InlineData("$RAVE get db hello > /dev/full", 3)]
    [InlineData("$RAVE scan db > /dev/full", 3)]
    [InlineData("$RAVE status db > /dev/full", 3)]
    [InlineData("$RAVE --help > /dev/full", 3)]
    [InlineData("$RAVE get db hello >&-", 3)]
    [InlineData("$RAVE put db k < /", 2)]
    [InlineData("$RAVE batch db < /", 2)]
    [InlineData("$RAVE put db k <&-", 2)]
    [InlineData("$RAVE batch db <&-", 2)]
    [InlineData("$RAVE get '' k", 2)]
    [InlineData("$RAVE get db hello --limit 3", 2)]
    public async Task What_fails_has_its_exit_code_and_a_sentence(string command, int exits)
    {
        await ShellAsync("$RAVE put db hello world");
        (int exit, _, string errors) = await ShellAsync(command);
        exit.ShouldBe(exits, errors);
        errors.ShouldNotBeEmpty();
        errors.ShouldNotContain("   at ");
        (await ShellAsync("$RAVE get db k")).Exit.ShouldBe(1);
        (await ShellAsync("$RAVE get db k 2>&-")).Exit.ShouldBe(1);
    }

    [Fact]
    public async Task A_scan_ends_when_nobody_reads_and_not_at_the_end_of_the_database()
    {
        await ShellAsync("""seq 100000 | sed 's/.*/{"key":"&","value":"&"}/' | $RAVE batch db""");
        // What the reader leaves is nobody's: with all of it to go, the scan would not end while it is held up.
        (int exit, string output, string errors) = await ShellAsync("($RAVE scan db; echo $? > code) | head -n 1; cat code");
        exit.ShouldBe(0);
        output.ShouldBe("""{"key":"1","value":"1"}""" + "\n141");
        errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_several_print_into_one_file_stands_one_behind_the_other() =>
        (await ShellAsync("$RAVE put db a 1; { $RAVE get db a; echo; $RAVE scan db; $RAVE get db a; $RAVE status db | head -c 1; $RAVE scan db; } > file; cat file"))
            .ShouldBe((0, """
                1
                {"key":"a","value":"1"}
                1{{"key":"a","value":"1"}
                """, ""));

    [Fact]
    public async Task Before_a_value_that_the_encoding_cannot_carry_stand_whole_lines_and_nothing_else()
    {
        (int exit, string output, string errors) = await ShellAsync("""$RAVE put db a 1; printf '\377' | $RAVE put db b; $RAVE put db c 3; $RAVE scan db""");
        exit.ShouldBe(3);
        output.ShouldBe("""{"key":"a","value":"1"}""");
        errors.ShouldContain("valueEncoding=base64");
        (await ShellAsync("$RAVE get db b | od -An -tx1")).Output.Trim().ShouldBe("ff");
    }

    [Fact]
    [Needs(Need.Script)]
    public async Task A_stored_value_cannot_write_on_a_terminal_and_is_as_it_is_in_a_pipe()
    {
        await ShellAsync("""printf 'a\033[31m\007\r\302\2331m\342\200\256b\nc' | $RAVE put db esc""");
        (int exit, string output, string errors) = await ShellAsync("""script -qec "$RAVE get db esc; $RAVE scan db" /dev/null""");
        exit.ShouldBe(0, errors);
        const string shown = @"a\u001b[31m\u0007\u000d\u009b1m\u202eb";
        output.ReplaceLineEndings("\n").ShouldBe($"{shown}\nc\nesc  {shown}\\u000ac");
        (await ShellAsync("$RAVE get db esc | od -An -tx1")).Output.Trim().ShouldBe("61 1b 5b 33 31 6d 07 0d c2 9b 31 6d e2 80 ae 62\n 0a 63");
        (_, string missing, _) = await ShellAsync("""script -qec "$RAVE get '$(printf 'no\033where')/db' k" /dev/null""");
        missing.ShouldContain(@"no\u001bwhere");
    }

    private async Task<(int Exit, string Output, string Errors)> ShellAsync(string command)
    {
        await using ChildProcess shell = ChildProcess.Start("bash", ["-c", command], start =>
        {
            start.WorkingDirectory = _directory.Path;
            start.Environment["RAVE"] = ChildProcess.RavePath;
            start.Environment["SERVER"] = ChildProcess.ServerPath;
        });
        string output = await shell.ReadToEndAsync();
        return (await shell.WaitForExitAsync(), output, await shell.Errors);
    }
}
