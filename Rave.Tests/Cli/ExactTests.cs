using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Cli;

// The command line never changes or loses input silently. Each test is a command, its exit code and its output.
public sealed class ExactTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("""$RAVE put db "$(printf 'k\377')" 1""")]
    [InlineData("""$RAVE put db k "$(printf '\303')" """)]
    [InlineData("""$RAVE put "$(printf 'd\377')" k 1""")]
    [InlineData("""$RAVE get "$(printf 'd\377')" k""")]
    [InlineData("""$SERVER "$(printf 'd\377')" """)]
    public async Task An_argument_that_is_not_UTF8_is_refused_and_creates_nothing(string command)
    {
        (int exit, string output, string errors) = await _shell.RunAsync(command);
        exit.ShouldBe(2);
        output.ShouldBeEmpty();
        errors.ShouldContain("is not valid UTF-8");
        Directory.GetFileSystemEntries(_shell.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("@scope/pkg")]
    [InlineData("@file")]
    [InlineData("/?")]
    [InlineData("/h")]
    [InlineData("\ufffd")]
    [InlineData("a=b:c,d")]
    public async Task An_argument_may_begin_with_any_character(string word)
    {
        (await _shell.RunAsync($"$RAVE put db '{word}' '{word}' && $RAVE get db '{word}'")).ShouldBe((0, word, ""));
        (await _shell.RunAsync($"$SERVER '{word}' --repair")).Errors
            .ShouldBe($"rave-server: There is no database at '{word}', and it may not be created here."
                + " Check the path, or allow creating it.\n");
    }

    [Fact]
    public async Task Arguments_after_two_dashes_are_not_options() =>
        (await _shell.RunAsync("$RAVE put db -- --key -1 && $RAVE get db -- --key")).ShouldBe((0, "-1", ""));

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
    public async Task A_failed_command_has_an_exit_code_and_a_message(string command, int exits)
    {
        await using (RaveLevel db = await RaveLevel.OpenAsync(_shell.Location))
        {
            await db.PutAsync("hello", "world");
        }

        (int exit, _, string errors) = await _shell.RunAsync(command);
        exit.ShouldBe(exits, errors);
        errors.ShouldNotBeEmpty();
        errors.ShouldNotContain("   at ");
        await using RaveLevel after = await RaveLevel.OpenAsync(_shell.Location);
        (await after.GetAsync("k")).ShouldBeNull();
    }

    [Theory]
    [InlineData("$RAVE get db k")]
    [InlineData("$RAVE get db k 2>&-")]
    public async Task A_missing_key_is_1_even_if_standard_error_is_closed(string command)
    {
        (await _shell.RunAsync("$RAVE put db hello world")).Exit.ShouldBe(0);
        (await _shell.RunAsync(command)).Exit.ShouldBe(1);
    }

    [Fact]
    public async Task A_scan_ends_when_its_reader_ends()
    {
        await _shell.RunAsync("""seq 100000 | sed 's/.*/{"key":"&","value":"&"}/' | $RAVE batch db""");
        // The entries do not fit in the pipe, so the scan is still writing when its reader ends.
        (int exit, string output, string errors) = await _shell.RunAsync("($RAVE scan db; echo $? > code) | head -n 1; cat code");
        exit.ShouldBe(0);
        output.ShouldBe("""{"key":"1","value":"1"}""" + "\n141");
        errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Several_commands_append_to_one_file() =>
        (await _shell.RunAsync("$RAVE put db a 1; { $RAVE get db a; echo; $RAVE scan db; $RAVE get db a; "
            + "$RAVE status db | head -c 1; $RAVE scan db; } > file; cat file"))
            .ShouldBe((0, """
                1
                {"key":"a","value":"1"}
                1{{"key":"a","value":"1"}
                """, ""));

    [Fact]
    public async Task Only_complete_lines_are_printed_before_a_value_that_does_not_fit_the_encoding()
    {
        (int exit, string output, string errors) =
            await _shell.RunAsync("""$RAVE put db a 1; printf '\377' | $RAVE put db b; $RAVE put db c 3; $RAVE scan db""");
        exit.ShouldBe(3);
        output.ShouldBe("""{"key":"a","value":"1"}""");
        errors.ShouldContain("valueEncoding=base64");
        (await _shell.RunAsync("$RAVE get db b | od -An -tx1")).Output.Trim().ShouldBe("ff");
    }

    [Fact]
    [Needs(Need.Script)]
    public async Task A_stored_value_is_escaped_on_a_terminal_and_unchanged_in_a_pipe()
    {
        await _shell.RunAsync("""printf 'a\033[31m\007\r\302\2331m\342\200\256b\nc' | $RAVE put db esc""");
        (int exit, string output, string errors) = await _shell.RunAsync("""script -qec "$RAVE get db esc; $RAVE scan db" /dev/null""");
        exit.ShouldBe(0, errors);
        const string shown = @"a\u001b[31m\u0007\u000d\u009b1m\u202eb";
        output.ReplaceLineEndings("\n").ShouldBe($"{shown}\nc\nesc  {shown}\\u000ac");
        (await _shell.RunAsync("$RAVE get db esc | od -An -tx1")).Output.Trim()
            .ShouldBe("61 1b 5b 33 31 6d 07 0d c2 9b 31 6d e2 80 ae 62\n 0a 63");
        (_, string missing, _) = await _shell.RunAsync("""script -qec "$RAVE get '$(printf 'no\033where')/db' k" /dev/null""");
        missing.ShouldContain(@"no\u001bwhere");
    }
}
