using Rave.Tests.Harness;

namespace Rave.Tests.Samples;

// Runs the examples of the documentation, so that they stay correct.
public sealed class SampleTests
{
    // The others are run beside their .http file, by HttpFileTests.
    public static TheoryData<string> Scripts =>
    [
        .. Directory.GetFiles(Repository.PathOf("http-samples"), "*.sh")
            .Where(path => !File.Exists(Path.ChangeExtension(path, ".http"))).Select(path => Path.GetFileName(path)),
    ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task A_script_without_a_file_runs_against_a_live_leader(string script)
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        await using ChildProcess sample = ChildProcess.Start("sh", Repository.PathOf($"http-samples/{script}"), leader.Location);
        string output = await sample.ReadToEndAsync();
        (await sample.WaitForExitAsync()).ShouldBe(0, $"{output}\n{await sample.Errors}");
    }

    [Fact]
    public async Task The_curl_lines_of_the_readme_work()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        string[] lines = [.. File.ReadLines(Repository.PathOf("README.md"))
            .Where(line => line.StartsWith("curl ", StringComparison.Ordinal))];
        lines.ShouldNotBeEmpty();
        // In the folder of ./db, as a reader would. An HTTP status that is not a success fails here, because curl does not report it.
        string script = $"curl() {{ command curl --fail-with-body \"$@\"; }}\n{string.Join('\n', lines)}";
        await using ChildProcess shell = ChildProcess.Start("sh", ["-ec", script], start =>
            start.WorkingDirectory = Path.GetDirectoryName(leader.Location)!);
        string output = await shell.ReadToEndAsync();
        (await shell.WaitForExitAsync()).ShouldBe(0, await shell.Errors);
        output.ShouldStartWith("world{\"entries\":[{\"key\":\"hello\",\"value\":\"world\"}]");
    }
}
